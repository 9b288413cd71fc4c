import JSON

/// How a value names the rows of a parameter: `@path` of a sheet, or the rows themselves.
enum RowsReference: Equatable {
  case file(String)
  case rows([JSON])

  /// Reads a value of the command line, of `ebb.yaml`, or of a header's default.
  init(_ given: JSON) throws(ParameterProblem) {
    if let rows = given.array {
      self = .rows(rows)
      return
    }
    guard let text = given.string, text.hasPrefix("@"), text.count > 1 else {
      let path = given.string.map { ", such as @\($0.isEmpty ? "returns.csv" : $0)" } ?? ", such as @returns.csv"
      throw ParameterProblem("\(given) names no sheet", hint: "write @ and the path of a CSV or of JSON lines\(path)")
    }
    self = .file(String(text.dropFirst()))
  }
}
