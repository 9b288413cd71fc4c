import JSON
import Playbooks

/// What a person is told of the sheets that a run was given, before it begins.
struct SheetNotes {
  /// One line for each.
  let lines: [String]

  init(_ assignment: RunAssignment) {
    lines = assignment.parameters.compactMap { name, value -> String? in
      guard let sheet = value["sheet"], let source = sheet["source"]?.string, let count = sheet["count"]?.integer else {
        return nil
      }
      let rows = count == 1 ? "1 row" : "\(CountText.grouped(Int(count))) rows"
      let ignored = sheet["ignored"]?.array?.compactMap(\.string) ?? []
      let rest = ignored.isEmpty ? "" : "; not read: \(ignored.joined(separator: ", "))"
      return "\(name): \(rows) of \(source)\(rest)"
    }
  }

  /// Says them on standard error; nothing where a machine reads.
  func show(json: Bool) {
    guard !json else { return }
    for line in lines { Terminal.printError(Terminal.clean(line)) }
  }
}
