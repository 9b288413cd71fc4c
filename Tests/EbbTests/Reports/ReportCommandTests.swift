import Foundation
import JSON
import Testing

/// Tables of a run as files, by `ebb run --report` and `ebb runs report`.
@Suite struct ReportCommandTests {
  private static let script = """
    report("Due · 到期", { { id = "110000235001", amount = { fen = 4100, currency = "CNY" } } }, {
      columns = { { key = "id", heading = "逆向单号" }, "amount" }, totals = true,
    })
    report("None", {})
    """
  private let project: Project
  /// A shop that nobody asks anything.
  private static let offline = [
    "EBB_BASE_URL": "http://127.0.0.1:1", "EBB_ACCESS_KEY": "simulated-key-7", "EBB_USER_ID": "2100000000007",
    "EBB_ACCESS_SECRET": "simulated-secret-7-worth-nothing",
  ]

  init() throws {
    project = try Project(files: ["due.lua": Self.script], environment: Self.offline)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: project.folder.appending(path: name), encoding: .utf8)
  }

  @Test func aRunWritesItsTables() throws {
    let result = try project.run(
      ["run", "due.lua", "--report", "due.md", "--report", "due.csv", "--report", "due.json", "--report", "due.xlsx"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("report: due.md, due-1.csv, due-2.csv, due.json, due.xlsx"), "\(result.output)")
    #expect(try text("due.md").contains("| 110000235001 | 41.00 CNY |"))
    #expect(try text("due-1.csv").contains("110000235001\t,41.00\r\n"))
    #expect(try JSON(parsing: Array(text("due.json").utf8))[0]?["title"] == "Due · 到期")
    for name in ["due.md", "due-1.csv", "due.xlsx"] {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: project.folder.appending(path: name).path)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
    }
    // The terminal shows the same, and so does the run afterwards.
    let table = "逆向单号           amount\n110000235001    41.00 CNY\n"
    #expect(result.output.contains(table), "\(result.output)")
    let run = try #require(result.output.split(separator: "\n").last { $0.hasPrefix("run: ") }).dropFirst(5)
    let later = try project.run(["runs", "report", String(run), "-o", "later.md"])
    #expect(later.status == 0 && later.output.contains(table) && later.output.contains("(none · 无)"))
    #expect(try text("later.md") == text("due.md"))
    let document = try project.run(["runs", "report", String(run), "--json"]).json
    #expect(document["reports"]?.array?.count == 2 && document["report_files"] == [])
  }

  @Test(arguments: [
    ("due.doc", "due.doc is no report", 2), ("nowhere/due.md", "nowhere/due.md cannot be written", 2),
  ])
  func whatCannotBeWrittenIsSaidBeforeTheRun(_ file: String, _ words: String, _ status: Int32) throws {
    let result = try project.run(["run", "due.lua", "--report", file])
    #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
    #expect(try project.run(["runs", "list", "--json"]).json["runs"]?.array?.isEmpty ?? true)
  }

  @Test(arguments: [
    ("report('x', {}, { total = true })", "total is not known"), ("report('x', {}, { totals = 5 })", "totals is true"),
    ("report('x', {}, { columns = { {} } })", "column 1 is the name of a field"), ("report('x', 5)", "report"),
  ])
  func mistakesNameTheLine(_ source: String, _ words: String) throws {
    let project = try Project(files: ["due.lua": source], environment: Self.offline)
    let result = try project.run(["run", "due.lua"])
    #expect(
      result.status == 1 && result.errors.contains("due.lua:1:") && result.errors.contains(words), "\(result.errors)")
  }

  /// A playbook of the folder `scripts`, or of this one, by its name.
  @Test(arguments: ["scripts/named.lua", "named.lua"])
  func aPlaybookIsRunByItsName(_ path: String) throws {
    let source =
      "playbook { ebb = 1, name = 'named', params = { at = { type = 'list', of = 'duration', default = { '72h', '6h' } } } }"
    let project = try Project(files: [path: source], environment: Self.offline)
    #expect(try project.run("run", "named").status == 0)
    #expect(try project.run("run", "named", "--help").output.contains("at         list  3d,6h"))
    #expect(try project.run("run", "nameless").errors.contains("there is no file nameless"))
  }
}
