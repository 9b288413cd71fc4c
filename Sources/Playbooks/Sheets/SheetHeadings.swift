import Catalogue
import JSON

/// Which column stands where, by the first row of a sheet.
struct SheetHeadings {
  private let places: [String: Int]
  /// Headings that no column asks for.
  let ignored: [String]

  /// Reads the row of headings.
  ///
  /// - Throws: ``ParameterProblem`` where one is missing or comes twice, with what was probably meant.
  init(_ record: DelimitedText.Record, columns: [SheetColumn]) throws(ParameterProblem) {
    let titles = record.fields.map { String($0.text.trimmed) }
    var places: [String: Int] = [:]
    var unknown: [String] = []
    for (place, title) in titles.enumerated() where !title.isEmpty {
      let spelling = Heading.canonical(title)
      guard let column = columns.first(where: { $0.spellings.contains(spelling) }) else {
        unknown.append(title)
        continue
      }
      if let other = places[column.name] {
        let both = titles[other] == title ? "\(title) comes twice" : "\(titles[other]) and \(title) are one column"
        throw ParameterProblem(
          "\(both), in columns \(other + 1) and \(place + 1)", hint: "leave \(column.label) once")
      }
      places[column.name] = place
    }
    for column in columns where places[column.name] == nil {
      let near = Self.nearest(to: column, among: unknown)
      // What is probably a slip must not pass for a column that was left out on purpose.
      guard !column.isOptional || near != nil else { continue }
      throw ParameterProblem(
        "there is no heading \(column.label); it has \(Self.list(titles))",
        hint: near.map { "is \($0) meant? rename it to \(column.title)" }
          ?? "the first row names the columns: \(columns.map(\.title).joined(separator: ", "))")
    }
    self.places = places
    ignored = unknown
  }

  /// Where a column stands, from 0; nil where it is left out.
  func place(of column: SheetColumn) -> Int? { places[column.name] }

  /// The title that was probably meant to be the column's.
  static func nearest(to column: SheetColumn, among titles: [String]) -> String? {
    for spelling in column.headings + [column.name] {
      if let near = EditDistance.nearest(to: spelling, among: titles) { return near }
    }
    return nil
  }

  private static func list(_ titles: [String]) -> String {
    let shown = titles.filter { !$0.isEmpty }.prefix(12).map { JSON.string(String($0.prefix(30))).text() }
    return shown.isEmpty ? "none" : shown.joined(separator: ", ") + (titles.count > 12 ? ", …" : "")
  }
}
