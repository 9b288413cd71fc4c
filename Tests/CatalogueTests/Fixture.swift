import Foundation

enum Fixture {
  static func text(_ name: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// The rows of the operations list, by column.
  static func operations() throws -> [[String: String]] {
    let lines = try text("operations.csv").split(whereSeparator: \.isNewline).map(String.init)
    let columns = cells(lines[0])
    return lines.dropFirst().map { line in
      Dictionary(uniqueKeysWithValues: zip(columns, cells(line)))
    }
  }

  /// The fields of a line; a note may hold commas only inside quotes.
  private static func cells(_ line: String) -> [String] {
    var found: [String] = []
    var cell = ""
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        found.append(cell)
        cell = ""
      default: cell.append(character)
      }
    }
    return found + [cell]
  }
}
