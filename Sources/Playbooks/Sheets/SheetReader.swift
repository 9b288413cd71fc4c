import JSON

/// Reads a sheet for a parameter of type `rows`.
struct SheetReader {
  let columns: [SheetColumn]

  /// The most rows of a sheet.
  static let mostRows = 10_000

  /// Reads the bytes of a file: CSV, or JSON lines where the first sign is `{`.
  ///
  /// - Throws: ``ParameterProblem`` that names row and column.
  func sheet(_ bytes: [UInt8], source: String) throws(ParameterProblem) -> Sheet {
    do throws(ParameterProblem) {
      let text = try SheetText.utf8(of: bytes)
      let first = text.first { !" \t\r\n".utf8.contains($0) }
      guard let first else { throw ParameterProblem("it is empty", hint: "the first row names the columns") }
      if first == UInt8(ascii: "{") {
        return try sheet(try JSONLines.records(text), source: source, digest: Sheet.digest(of: bytes))
      }
      let records = try DelimitedText.records(text, headings: columns.flatMap { $0.headings + [$0.name] })
      return try sheet(records, source: source, digest: Sheet.digest(of: bytes))
    } catch {
      throw error.at(source)
    }
  }

  /// Reads rows that are objects already, as `ebb.yaml` and tests give them.
  ///
  /// - Throws: as ``sheet(_:source:)`` does.
  func sheet(_ rows: [JSON]) throws(ParameterProblem) -> Sheet {
    let records = rows.enumerated().map { JSONLines.Record(number: $0.offset + 1, value: $0.element) }
    return try sheet(records, source: "given", digest: Sheet.digest(of: JSON.array(rows).bytes(.canonical)))
  }

  // MARK: CSV

  private func sheet(
    _ records: [DelimitedText.Record], source: String, digest: String
  ) throws(ParameterProblem) -> Sheet {
    guard let heading = records.first else { throw ParameterProblem("it is empty") }
    let headings = try SheetHeadings(heading, columns: columns)
    var table = SheetTable(columns: columns)
    for record in records.dropFirst() {
      if let extra = record.fields.dropFirst(heading.fields.count).first(where: { !$0.text.trimmed.isEmpty }) {
        table.note(
          ParameterProblem(
            "row \(record.number) has more cells than there are headings: \(JSON.string(extra.text).text())",
            hint: "a cell that holds a separator stands in quotes"), row: record.number)
        continue
      }
      table.append(row: record.number) { column in
        headings.place(of: column).flatMap { place in
          record.fields.indices.contains(place) ? SheetCell(record.fields[place]) : nil
        }
      }
    }
    return try table.sheet(source: source, digest: digest, ignored: headings.ignored)
  }

  // MARK: JSON lines

  private func sheet(
    _ records: [JSONLines.Record], source: String, digest: String
  ) throws(ParameterProblem) -> Sheet {
    var table = SheetTable(columns: columns)
    var ignored: [String] = []
    for record in records {
      guard let members = record.value.object else {
        throw ParameterProblem(
          "row \(record.number) is no object", hint: #"each line is one row: {"id": "110000235001"}"#)
      }
      var cells: [String: SheetCell] = [:]
      for (key, value) in members {
        let spelling = Heading.canonical(key)
        guard let column = columns.first(where: { $0.spellings.contains(spelling) }) else {
          if !ignored.contains(key) { ignored.append(key) }
          continue
        }
        guard cells.updateValue(SheetCell(value), forKey: column.name) == nil else {
          throw ParameterProblem("row \(record.number) has \(column.label) twice")
        }
      }
      table.append(row: record.number) { cells[$0.name] }
    }
    for column in columns where !table.columnsSeen.contains(column.name) {
      if let near = SheetHeadings.nearest(to: column, among: ignored) {
        throw ParameterProblem("there is no \(column.label) in any row", hint: "is \(near) meant? rename it")
      }
    }
    return try table.sheet(source: source, digest: digest, ignored: ignored)
  }
}
