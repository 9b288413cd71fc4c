import Foundation
import JSON
import Testing

/// `rows` parameters from the command line and from `ebb.yaml`.
@Suite struct SheetTests {
  private static let playbook = """
    local p = playbook { ebb = 1, name = "returns", params = {
      returns = { type = "rows", default = "@inbox/returns.csv", help = "the warehouse's sheet", columns = {
        id = { type = "id", heading = "逆向单号" }, waybill = { type = "waybill", heading = "运单号" },
        phone = { type = "phone", heading = "寄件手机", optional = true },
      } },
    } }
    each(p.returns, function(row) keep(row, "seen", row.waybill) end)
    return #p.returns
    """
  /// 逆向单号,运单号,备注 and a row, as a spreadsheet in China saves it.
  private static let chinese: [UInt8] =
    [
      0xC4, 0xE6, 0xCF, 0xF2, 0xB5, 0xA5, 0xBA, 0xC5, 0x2C, 0xD4, 0xCB, 0xB5, 0xA5, 0xBA, 0xC5, 0x2C, 0xB1, 0xB8, 0xD7,
      0xA2,
      0x0D, 0x0A,
    ] + Array("110000235001,SF12181323546,x\r\n".utf8)

  private static func project() throws -> Project {
    let project = try Project(
      files: ["returns.lua": playbook, "ebb.yaml": "zone: Asia/Shanghai\n"],
      environment: [
        "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "key-of-nobody",
        "EBB_ACCESS_SECRET": "m00nlit-tide-5kz2qx",
        "EBB_USER_ID": "1",
      ])
    try FileManager.default.createDirectory(
      at: project.folder.appending(path: "inbox"), withIntermediateDirectories: true)
    return project
  }

  @Test func aSheetInGB18030Works() throws {
    let project = try Self.project()
    try Data(Self.chinese).write(to: project.folder.appending(path: "sheet.csv"))
    let result = try project.run("run", "returns.lua", "--param", "returns=@sheet.csv", "--details")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("returns: 1 row of ") && result.errors.contains("sheet.csv; not read: 备注"))
    #expect(result.output.contains("110000235001") && result.output.contains("SF12181323546"))
    let document = try JSON(
      parsing: Array(try project.run("run", "returns.lua", "--param", "returns=@sheet.csv", "--json").output.utf8))
    #expect(document["result"] == 1)
    let run = try #require(document["run"]?.string)
    #expect(try project.run("runs", "show", run).output.contains("\"count\":1"))
    #expect(try !project.run("runs", "show", run).output.contains("SF12181323546\","))
  }

  @Test func aShortenedNumberIsRefusedWithRowAndColumn() throws {
    let project = try Self.project()
    try project.write("逆向单号,运单号\n110000235001,SF12345\n110000235002,1.46031E+12\n", to: "sheet.csv")
    for command in ["run", "plan"] {
      let result = try project.run(command, "returns.lua", "--param", "returns=@sheet.csv")
      #expect(result.status == 2)
      #expect(
        result.errors.contains(
          "sheet.csv: row 3, column 运单号 (waybill): \"1.46031E+12\" is a number that a spreadsheet shortened"))
      #expect(result.errors.contains("hint: format the column as text"))
    }
  }

  @Test func theDefaultAndTheConfigurationLookInTheProject() throws {
    let project = try Self.project()
    let missing = try project.run("run", "returns.lua")
    #expect(missing.status == 2 && missing.errors.contains("returns: there is no file inbox/returns.csv"))
    try project.write("逆向单号,运单号\n1,SF12345\n", to: "inbox/returns.csv")
    #expect(try project.run("run", "returns.lua").status == 0)
    try project.write("逆向单号,运单号\n1,SF12345\n2,SF12346\n", to: "inbox/other.csv")
    try project.write(
      "zone: Asia/Shanghai\nplaybooks:\n  returns:\n    params: { returns: \"@inbox/other.csv\" }\n",
      to: "ebb.yaml")
    let result = try project.run("plan", "returns.lua", "--json")
    #expect(result.status == 0 && result.output.contains("\"result\": 2"), "\(result.output) \(result.errors)")
  }

  @Test func theHelpShowsTheColumns() throws {
    let help = try Self.project().run("run", "returns.lua", "--help")
    #expect(help.status == 0)
    #expect(help.output.contains("--param returns=@FILE reads a sheet, CSV or JSON lines, with these columns:"))
    #expect(help.output.contains("运单号") && help.output.contains("optional"))
  }
}
