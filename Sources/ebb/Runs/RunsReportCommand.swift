import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb runs report RUN`
struct RunsReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show the tables that a run reported, or write them to files.",
    discussion: """
      The ending of a file says how it is written: .md, .csv (a file for each
      table), .xlsx (a sheet for each table), .json.

      Example:
        ebb runs report 9f86d081
        ebb runs report 9f86d081 -o deadlines.xlsx -o deadlines.md
      """)

  @Argument(help: "The run, or the end of its id.")
  var run: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write them to a file as well; may be given more than once.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    try ReportFiles.check(files)
    let store = try await store.open(.reading, in: try Configuration.load())
    let record = try await RunLookup(store: store).run(run)
    guard let history = try await store.history(of: record.id) else { throw JournalError.unknownRun(record.id) }
    let reports = history.notes.compactMap { note in
      if case .report(let report) = note.content { report } else { nil }
    }
    var written: [String] = []
    for file in files { written += try ReportFiles(reports).write(to: file) }
    if output.json {
      let document: JSONObject = [
        "run": .string(record.id.text), "reports": .array(reports), "report_files": .array(written.map(JSON.string)),
        "exit_code": 0,
      ]
      return Terminal.print(JSON.object(document).text(.pretty))
    }
    let terminal = Terminal.current
    if reports.isEmpty { Terminal.print("\(record.id) reported no table") }
    Terminal.print(reports.map { ReportPage($0, terminal).text }.joined(separator: "\n\n"))
    for file in written { Terminal.print("written: \(Terminal.clean(file))") }
  }
}
