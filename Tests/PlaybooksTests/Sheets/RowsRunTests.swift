import Foundation
import JSON
import Journal
import Testing

@testable import Playbooks

/// Rows in runs: read once, recorded, and the same after a resume.
@Suite struct RowsRunTests {
  private static let header = """
    local p = playbook {
      ebb = 1, name = "returns",
      params = {
        returns = { type = "rows", default = "@inbox/returns.csv", columns = {
          id = { type = "id", heading = "逆向单号" }, fee = { type = "money", heading = "金额", optional = true },
        } },
      },
    }

    """
  private static let sheet = "逆向单号,金额\n110000235001,12.34 CNY\n2,\n"

  /// A project with that sheet in its inbox.
  private static func project<Result>(_ text: String, _ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder.appending(path: "inbox"), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: "inbox/returns.csv"))
    return try await body(folder)
  }

  @Test func theDefaultIsReadAndTyped() async throws {
    try await Self.project(Self.sheet) { folder in
      var stage = Stage()
      stage.sheets = SheetFolder(folder)
      let result = try await stage.result(
        Self.header
          + "return { #p.returns, p.returns[1].id, tostring(p.returns[1].fee + p.returns[1].fee), p.returns[2].fee == nil, params == p }"
      )
      #expect(result == [2, "110000235001", "24.68 CNY", true, true])
      let recorded = try await stage.journal.run(stage.id)?.parameters["returns"]
      #expect(recorded?["sheet"]?["source"] == "inbox/returns.csv")
      #expect(recorded?["sheet"]?["sha256"] == .string(Sheet.digest(of: Array(Self.sheet.utf8))))
    }
  }

  @Test func aResumeSeesTheSameRowsWhateverTheFileSays() async throws {
    try await Self.project(Self.sheet) { folder in
      var stage = Stage()
      stage.sheets = SheetFolder(folder)
      let assignment = try await stage.assignment(
        Self.header + "sleep('1h') return { #p.returns, p.returns[1].id }")
      let first = try await RunAdvance.start(assignment, in: stage.surroundings)
      #expect(first.report?.status == .waiting(.time))
      try FileManager.default.removeItem(at: folder.appending(path: "inbox"))
      let last = try await RunAdvance.stay(with: first, in: stage.surroundings)
      #expect(last.report?.result == [2, "110000235001"])
    }
  }

  @Test func rowsMayBeGivenAsTheyAre() async throws {
    var stage = Stage()
    stage.parameters = ["returns": [["id": 7], ["id": "8", "金额": "1 CNY"]]]
    let result = try await stage.result(Self.header + "return { p.returns[1].id, p.returns[2].fee.fen }")
    #expect(result == ["7", 100])
  }

  @Test func tenThousandRowsFit() async throws {
    var stage = Stage()
    stage.parameters = ["returns": .array((1...10_000).map { ["id": .integer(110_000_000_000 + $0)] })]
    let result = try await stage.result(
      Self.header + "local n = 0 each(p.returns, function(row) n = n + #row.id end) return n")
    #expect(result == 120_000)
  }

  @Test(arguments: [
    ("@/etc/passwd", "lies outside the project"), ("@../secret.csv", "lies outside the project"),
    ("@link.csv", "lies outside the project"),
  ])
  func aHeaderNamesNoFileOutsideTheProject(_ path: String, _ message: String) async throws {
    try await Self.project("") { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "link.csv"), withDestinationURL: URL(filePath: "/etc/passwd"))
      let parameter = try Parameter(
        name: "p", header: ["type": "rows", "default": .string(path), "columns": ["id": ["type": "id"]]])
      let problem = #expect(throws: ParameterProblem.self) {
        try parameter.value(.string(path), from: SheetFolder(folder), namedBy: .playbook)
      }
      #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
      #expect(problem?.hint == "give the file with --param, or in ebb.yaml")
    }
  }

  @Test(
    arguments: [
      ("@inbox/return.csv", "p: there is no file inbox/return.csv", "did you mean returns.csv?"),
      ("@inbox", "p: inbox is a folder", "name a file in it"),
      ("sheet.csv", "p: \"sheet.csv\" names no sheet", "@sheet.csv"),
      ("@", "p: \"@\" names no sheet", nil), (5, "p: 5 names no sheet", "such as @returns.csv"),
    ] as [(JSON, String, String?)])
  func whatCannotBeRead(_ given: JSON, _ message: String, _ hint: String?) async throws {
    try await Self.project("") { folder in
      let parameter = try Parameter(name: "p", header: ["type": "rows", "columns": ["id": ["type": "id"]]])
      let problem = #expect(throws: ParameterProblem.self) {
        try parameter.value(given, from: SheetFolder(folder), namedBy: .person)
      }
      #expect(problem?.description == message)
      if let hint { #expect(problem?.hint?.contains(hint) == true, "\(problem?.hint ?? "none")") }
    }
  }

  @Test func aFileThatIsTooLargeIsNotRead() async throws {
    try await Self.project("") { folder in
      let file = folder.appending(path: "large.csv")
      #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
      try FileHandle(forWritingTo: file).truncate(atOffset: UInt64(SheetFolder.largest) + 1)
      let problem = #expect(throws: ParameterProblem.self) {
        try SheetFolder(folder).bytes(of: "large.csv", namedBy: .person)
      }
      #expect(problem?.description == "large.csv is larger than 10 MB")
    }
  }

  @Test func aPlanKeepsTheDigestAndNotTheRows() async throws {
    var stage = Stage(api: Refunds(["7": 100]).api)
    stage.parameters = ["returns": [["id": "7"]]]
    let plan = try await stage.plan(
      Self.header + "each(p.returns, function(row) act(row, 'x', taobao.refunds.cancel, row.id) end)"
    ).document
    #expect(plan.effects.count == 1)
    #expect(plan.parameters["returns"]?["rows"] == nil && plan.parameters["returns"]?["sheet"]?["count"] == 1)
  }
}
