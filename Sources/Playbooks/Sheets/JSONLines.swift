import JSON

/// Reads JSON lines: one object a line.
enum JSONLines {
  /// One line.
  struct Record {
    /// The number of the line, from 1.
    let number: Int
    let value: JSON
  }

  /// The lines that are not empty.
  ///
  /// - Throws: ``ParameterProblem`` with the line that is no JSON.
  static func records(_ bytes: [UInt8]) throws(ParameterProblem) -> [Record] {
    var records: [Record] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { !" \t\r".utf8.contains($0) }) {
      do throws(JSONError) {
        records.append(Record(number: index + 1, value: try JSON(parsing: line)))
      } catch {
        throw ParameterProblem("row \(index + 1) is no JSON: \(error)", hint: "each row is one object in one line")
      }
    }
    return records
  }
}
