import Foundation
import JSON
import Journal
import Playbooks

/// Where a script and its journal part, for people: both sides beside one another, with the lines of the script.
struct DivergenceText {
  /// `{message, path, recorded: {path, operation, arguments, line}?, asked: …?}`, as runs and reports keep it.
  private let divergence: JSON
  /// The texts that the lines lie in: what the journal was made with, and what is executed now.
  var recordedVersion: PlaybookVersion?
  var askedVersion: PlaybookVersion?

  /// A divergence as a report has it.
  init(_ divergence: JSON, recordedVersion: PlaybookVersion? = nil, askedVersion: PlaybookVersion? = nil) {
    self.divergence = divergence
    self.recordedVersion = recordedVersion
    self.askedVersion = askedVersion
  }

  /// A run's failure, where it is a divergence.
  init?(failure: JSON, version: PlaybookVersion? = nil) {
    guard failure["code"] == "diverged", failure["path"] != nil else { return nil }
    self.init(failure, recordedVersion: version, askedVersion: version)
  }

  /// The message and the two sides.
  func text(_ terminal: Terminal) -> String {
    let width = min(terminal.width ?? 160, 160)
    let column = max(20, (width - 3) / 2)
    let left = side(divergence["recorded"], recordedVersion, column)
    let right = side(divergence["asked"], askedVersion, column)
    var lines = [Self.row("journal", "script", column) { terminal.style.paint($0, .heading) }]
    for index in 0..<max(left.count, right.count) {
      let (a, b) = (index < left.count ? left[index] : "", index < right.count ? right[index] : "")
      let role: Style.Role? = a == b ? .faint : nil
      lines.append(Self.row(a, b, column) { terminal.style.paint($0, role) })
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ left: String, _ right: String, _ column: Int, _ paint: (String) -> String) -> String {
    let left = TextWidth.truncated(left, to: column)
    let spaces = String(repeating: " ", count: column - TextWidth.columns(left))
    return paint(left) + spaces + " │ " + paint(TextWidth.truncated(right, to: column))
  }

  private func side(_ side: JSON?, _ version: PlaybookVersion?, _ width: Int) -> [String] {
    guard let side, let path = side["path"]?.string else { return ["(nothing)"] }
    var lines = ["step \(path)", side["operation"]?.string ?? "", side["line"]?.string ?? ""]
    if let line = side["line"]?.string, let source = version?.line(at: line) {
      lines.append("> " + source.trimmingCharacters(in: .whitespaces))
    }
    let arguments = (side["arguments"] ?? .null).text(.pretty)
    lines += arguments.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.map { Terminal.clean($0) }
  }
}

extension PlaybookVersion {
  /// The text of a line that is named as `scripts/chase.lua:12`; nil where it is none of this version's.
  func line(at place: String) -> String? {
    guard let colon = place.lastIndex(of: ":"), let number = Int(place[place.index(after: colon)...]), number > 0,
      let file = files.first(where: { $0.path == place[..<colon] })
    else { return nil }
    let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return number <= lines.count ? String(lines[number - 1]) : nil
  }
}
