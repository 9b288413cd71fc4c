import Foundation
import JSON
import Redaction
import Reports

/// The tables of a run's report, written to files: the ending says in which form.
struct ReportFiles {
  private let given: [JSON]
  private let tables: [ReportTable]

  /// The tables as they are journaled; what is secret does not get into a file.
  init(_ reports: [JSON]) {
    given = reports.map { $0.mappingTexts(redact) }
    tables = given.map(ReportTable.init)
  }

  /// Where files cannot be of that name, said before anything runs.
  static func check(_ paths: [String]) throws(CommandFailure) {
    for path in paths {
      guard let format = ReportFormat(path: path) else {
        throw .usage(
          "\(Terminal.clean(path)) is no report", hint: "it ends in .md, .csv, .xlsx or .json", label: "report_format")
      }
      let folder = URL(filePath: path).deletingLastPathComponent().path
      guard FileManager.default.isWritableFile(atPath: folder) else { throw unwritable(path) }
      guard format != .xlsx || XLSXReport.isAvailable else { throw Self.missingLibrary }
    }
  }

  /// Writes all of it into a file; CSV has a file for each table.
  ///
  /// - Returns: the files that were written.
  func write(to path: String) throws(CommandFailure) -> [String] {
    try Self.check([path])
    guard let format = ReportFormat(path: path) else { return [] }
    switch format {
    case .xlsx:
      let draft = path + ".part"
      // The library opens it again: what is there already keeps its mode, and one that cannot be is said by us.
      try Self.write([], to: draft)
      do throws(XLSXReport.Problem) {
        try XLSXReport.write(tables, to: draft)
      } catch {
        try? FileManager.default.removeItem(atPath: draft)
        switch error {
        case .missingLibrary: throw Self.missingLibrary
        case .unwritable: throw Self.unwritable(path)
        case .tooLarge:
          throw .usage("a table of the report does not fit on a sheet", hint: "write it as .csv", label: "report_size")
        }
      }
      guard rename(draft, path) == 0 else { throw Self.unwritable(path) }
      return [path]
    case .csv where tables.count > 1:
      var names: [String] = []
      let stem = path.dropLast(4)
      for (index, table) in tables.enumerated() {
        let name = "\(stem)-\(index + 1).csv"
        try Self.write(CSVReport.bytes(table), to: name)
        names.append(name)
      }
      return names
    case .csv: try Self.write(CSVReport.bytes(tables.first ?? ReportTable([:])), to: path)
    case .markdown: try Self.write(Array(MarkdownReport.text(tables).utf8), to: path)
    case .json: try Self.write(Array((JSON.array(given).text(.pretty) + "\n").utf8), to: path)
    }
    return [path]
  }

  /// Orders and people's data: nobody else's to read.
  private static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    guard isWritten else { throw unwritable(path) }
  }

  private static func unwritable(_ path: String) -> CommandFailure {
    .usage(
      "\(Terminal.clean(path)) cannot be written", hint: "is its folder there, and yours to write?", label: "no_file")
  }

  private static let missingLibrary = CommandFailure.configuration(
    "spreadsheets need libxlsxwriter, which this machine does not have",
    hint: "apt-get install libxlsxwriter4, or write the report as .csv", label: "no_xlsx")
}
