import ArgumentParser
import Catalogue
import Foundation
import JSON
import Workbench

/// `ebb test [PATH…]`
struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests beside playbooks, each in a marketplace of its own.",
    discussion: """
      Tests of NAME.lua lie in NAME_test.lua beside it (docs/tests.md). Nothing
      leaves this machine: time, orders and sellers are simulated. Exit code 1
      where one fails.

      Example:
        ebb test
        ebb test scripts/cancel_stale_refunds.lua --filter "keeps"
        ebb test scripts --junit report.xml
      """)

  @Argument(help: "Folders, files of tests, or playbooks; the folder scripts, or this one, where left out.")
  var paths: [String] = []

  @Option(help: ArgumentHelp("Only tests with this in their name or file.", valueName: "text"))
  var filter: String?

  @Option(help: ArgumentHelp("Write the outcomes for a build server as well.", valueName: "file"), completion: .file())
  var junit: String?

  @Flag(help: "Keep as snapshots what is now.")
  var update = false

  @Flag(help: "Say which lines of the playbooks no test ran, and which decisions none made.")
  var coverage = false

  @Option(
    help: ArgumentHelp("Fail where less of a playbook's lines ran; with --coverage.", valueName: "percent"))
  var atLeast: Int?

  @Option(
    help: ArgumentHelp("How many random worlds each worlds(…) is held against.", valueName: "number"))
  var worlds = 50

  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard worlds > 0 else { throw ValidationError("--worlds takes a number from 1") }
  }

  mutating func run() async throws {
    let catalogue = try Catalogue.forCommands()
    let files = try read(paths.isEmpty ? [Self.standardFolder] : paths)
    // Where nobody looks at what a snapshot holds, one that is missing is a failure.
    let isAttended = ProcessInfo.processInfo.environment["CI"] == nil
    let book = coverage || atLeast != nil ? CoverageBook() : nil
    let runner = TestRunner(
      catalogue: catalogue, filter: filter, isUpdating: update, mayAddSnapshots: isAttended,
      width: ProcessInfo.processInfo.activeProcessorCount, worlds: worlds, coverage: book,
      say: { Terminal.printError(Terminal.clean($0)) })
    let isForMachines = output.json
    let outcomes = try await runner.run(files) { outcome in
      if !isForMachines, let failure = outcome.failure { Self.say(failure, of: outcome) }
    }
    if let junit {
      do {
        try Data(JUnitReport.text(outcomes).utf8).write(to: URL(filePath: junit))
      } catch {
        throw CommandFailure(.failed, "\(Terminal.clean(junit)) cannot be written")
      }
    }
    let failed = outcomes.count { $0.failure != nil }
    let pages = book?.pages ?? []
    let thin = pages.filter { $0.share * 100 < Double(atLeast ?? 0) }
    let isFine = failed == 0 && thin.isEmpty
    if output.json {
      var document: JSONObject = [
        "status": isFine ? "passed" : "failed", "exit_code": .integer(isFine ? 0 : 1),
        "passed": .integer(Int64(outcomes.count - failed)), "failed": .integer(Int64(failed)),
        "tests": .array(outcomes.map(\.json)),
      ]
      if book != nil { document["coverage"] = .array(pages.map(Self.json)) }
      Terminal.print(JSON.object(document).text(.pretty))
    } else {
      summarize(outcomes, failed: failed)
      if !pages.isEmpty { show(pages) }
      for page in thin {
        Terminal.printError("✘ less than \(atLeast ?? 0) % of \(Terminal.clean(page.file)) ran")
      }
    }
    guard isFine else { throw ExitStatus.failed }
    guard !outcomes.isEmpty else {
      throw CommandFailure.usage(
        filter.map { "no test has \"\(Terminal.clean($0))\" in its name" } ?? "the files declare no test",
        hint: #"test("what it does", function() … end) declares one; docs/tests.md"#, label: "no_tests")
    }
  }

  private static func json(_ page: CoverageBook.Page) -> JSON {
    [
      "file": .string(page.file), "lines": .integer(Int64(page.lines)),
      "ran": .integer(Int64(page.lines - page.missed.count)),
      "missed": .array(page.missed.map { .integer(Int64($0)) }), "decisions": .integer(Int64(page.decisions)),
      "made": .integer(Int64(page.decisions - page.undecided.count)),
      "undecided": .array(page.undecided.map { ["line": .integer(Int64($0.line)), "reason": .string($0.reason)] }),
    ]
  }

  private func show(_ pages: [CoverageBook.Page]) {
    var table = Table([
      .flexible("PLAYBOOK", minimum: 16, role: .name), .fixed("LINES"), .fixed("RAN"),
      .flexible("NOT RUN", minimum: 12), .fixed("DECISIONS", .trailing),
    ])
    for page in pages {
      table.append([
        page.file, String(page.lines), "\(Int((page.share * 100).rounded(.down))) %", Self.ranges(page.missed),
        "\(page.decisions - page.undecided.count) of \(page.decisions)",
      ])
    }
    Terminal.print("")
    Terminal.print(table.render(width: Terminal.current.width, style: Terminal.current.style))
    let undecided = pages.flatMap { page in page.undecided.map { "\(page.file):\($0.line): \($0.reason)" } }
    guard !undecided.isEmpty else { return }
    Terminal.print("\nno test decides for these reasons:")
    for line in undecided { Terminal.print("  " + Terminal.clean(line)) }
  }

  /// `3, 7-9`
  private static func ranges(_ lines: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for line in lines {
      if let last = ranges.last, last.upperBound + 1 == line {
        ranges[ranges.count - 1] = last.lowerBound...line
      } else {
        ranges.append(line...line)
      }
    }
    let texts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    return texts.joined(separator: ", ")
  }

  private static var standardFolder: String {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: "scripts", isDirectory: &isFolder) && isFolder.boolValue
    return isThere ? "scripts" : "."
  }

  private func read(_ paths: [String]) throws(CommandFailure) -> [TestFile] {
    var files: [TestFile] = []
    for path in paths {
      let found = TestFile.files(at: path)
      guard !found.isEmpty else {
        throw .usage(
          FileManager.default.fileExists(atPath: path)
            ? "\(Terminal.clean(path)) has no tests" : "there is no \(Terminal.clean(path))",
          hint: "tests of NAME.lua lie beside it in NAME\(TestFile.ending); docs/tests.md", label: "no_tests")
      }
      for name in found {
        guard let file = try? TestFile(name) else {
          throw .configuration(
            "\(Terminal.clean(name)) cannot be read", hint: "it must be a plain file that you may read")
        }
        files.append(file)
      }
    }
    return files
  }

  private static func say(_ failure: TestOutcome.Failure, of outcome: TestOutcome) {
    Terminal.printError("✘ \(Terminal.clean(outcome.file)): \(Terminal.clean(outcome.name))")
    for line in failure.message.split(separator: "\n", omittingEmptySubsequences: false) {
      Terminal.printError("    \(Terminal.clean(String(line)))")
    }
    if let place = failure.place { Terminal.printError("    at \(Terminal.clean(place))") }
  }

  private func summarize(_ outcomes: [TestOutcome], failed: Int) {
    var files: [String] = []
    for outcome in outcomes where !files.contains(outcome.file) { files.append(outcome.file) }
    for file in files {
      let own = outcomes.filter { $0.file == file }
      let failures = own.count { $0.failure != nil }
      Terminal.print(
        "\(failures == 0 ? "✔" : "✘") \(Terminal.clean(file)): \(own.count - failures) passed"
          + (failures == 0 ? "" : ", \(failures) failed"))
    }
    guard !outcomes.isEmpty else { return }
    Terminal.print("\(outcomes.count - failed) passed, \(failed) failed")
  }
}
