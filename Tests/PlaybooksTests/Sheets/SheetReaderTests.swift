import JSON
import Testing

@testable import Playbooks

@Suite struct SheetReaderTests {
  static let returns: JSON = [
    "id": ["type": "id", "heading": "逆向单号"], "carrier": ["type": "text", "heading": "快递公司"],
    "waybill": ["type": "waybill", "heading": ["运单号", "快递单号"]],
    "phone": ["type": "phone", "heading": "寄件手机", "optional": true],
  ]

  static func columns(_ header: JSON) throws -> [SheetColumn] {
    try Parameter(name: "p", header: ["type": "rows", "columns": header]).columns
  }

  private static func sheet(_ text: String, _ header: JSON = returns) throws -> Sheet {
    try SheetReader(columns: columns(header)).sheet(Array(text.utf8), source: "s.csv")
  }

  @Test func theWarehousesSheet() throws {
    let sheet = try Self.sheet(
      """
      快递公司,逆向单号,运单号,备注,寄件手机
      顺丰,110000235001,sf 12181323546,"两件,易碎",138 0013 8000

      圆通,="110000235002",YT8893,,
      """)
    #expect(
      sheet.rows == [
        ["carrier": "顺丰", "id": "110000235001", "phone": "13800138000", "waybill": "SF12181323546"],
        ["carrier": "圆通", "id": "110000235002", "waybill": "YT8893"],
      ])
    #expect(sheet.ignored == ["备注"] && sheet.source == "s.csv" && sheet.digest.count == 64)
    #expect(sheet.json["sheet"]?["count"] == 2 && sheet.json["sheet"]?["personal"] == ["phone"])
    #expect(
      Sheet.summarised(["returns": sheet.json, "n": 1]) == ["returns": ["sheet": sheet.json["sheet"] ?? nil], "n": 1])
    #expect(Sheet.personal(in: sheet.json).map(\.description) == ["/rows/0/phone"])
    #expect(Sheet.personal(in: ["fen": 1, "currency": "CNY"]).isEmpty)
  }

  @Test(arguments: ["运单号", "快递单号", "waybill", "Waybill", " 运 单 号 ", "\u{FEFF}运单号"])
  func everySpellingOfAHeading(_ heading: String) throws {
    let sheet = try Self.sheet("\(heading);逆向单号;快递公司\nSF12345;1;顺丰")
    #expect(sheet.rows.first?["waybill"] == "SF12345")
  }

  @Test func jsonLines() throws {
    let sheet = try Self.sheet(
      """
      {"id": 1100002350019876543, "carrier": "顺丰", "运单号": "SF12345", "x": null}

      {"id": "7", "carrier": "圆通", "waybill": 8893112, "phone": null}
      """)
    #expect(
      sheet.rows == [
        ["carrier": "顺丰", "id": "1100002350019876543", "waybill": "SF12345"],
        ["carrier": "圆通", "id": "7", "waybill": "8893112"],
      ])
    #expect(sheet.ignored == ["x"])
  }

  @Test(
    arguments: [
      (
        "逆向单号,快递公司,运单号\n1,顺丰,SF12345\n2,顺丰,1.46031E+12\n",
        "s.csv: row 3, column 运单号 (waybill): \"1.46031E+12\" is a number that a spreadsheet shortened: its digits are lost",
        "format the column as text"
      ),
      (
        "逆向单号,快递公司,运单号\n1.46031E+12,顺丰,SF12345\n",
        "s.csv: row 2, column 逆向单号 (id): \"1.46031E+12\" is a number that a spreadsheet shortened",
        "format the column as text"
      ),
      (
        "逆向单号,快递公司,运单号\n1e5,顺丰,12345.0\n",
        "row 2, column 逆向单号 (id): \"1e5\" is a number that a spreadsheet shortened: its digits are lost (1 more is wrong, in row 2)",
        nil
      ),
      (
        "逆向单号,快递公司,运单号\n1,顺丰,12345.0\n", "column 运单号 (waybill): \"12345.0\" is a number with decimals",
        "format the column as text"
      ),
      ("逆向单号,快递公司,运单号\n1 2,顺丰,SF12345\n", "row 2, column 逆向单号 (id): \"1 2\" is no id", nil),
      ("逆向单号,快递公司,运单号\n无,顺丰,SF12345\n", "\"无\" is no id", nil),
      ("逆向单号,快递公司,运单号\n1,顺丰,SF1/SF2\n", "column 运单号 (waybill): \"SF1/SF2\" is no waybill", "one parcel in each row"),
      ("逆向单号,快递公司,运单号,寄件手机\n1,顺丰,SF12345,王五\n", "column 寄件手机 (phone): \"王五\" is no phone number", "13800138000"),
      ("逆向单号,快递公司,运单号\n1,,SF12345\n", "row 2, column 快递公司 (carrier) is empty", nil),
      (
        "逆向单号,快递公司,运单号\n1,,SF12345\n2,,\n", "row 2, column 快递公司 (carrier) is empty (2 more are wrong, in rows 3, 3)",
        nil
      ),
      (
        "逆向单号,快递公司,运单\n1,顺丰,SF12345\n", "s.csv: there is no heading 运单号 (waybill); it has \"逆向单号\", \"快递公司\", \"运单\"",
        "is 运单 meant? rename it to 运单号"
      ),
      (
        "单据,公司\n1,顺丰\n", "there is no heading 快递公司 (carrier); it has \"单据\", \"公司\"",
        "the first row names the columns: 快递公司, 逆向单号, 寄件手机, 运单号"
      ),
      ("逆向单号,快递公司,运单号,寄件手机号\n1,顺丰,SF12345,1\n", "there is no heading 寄件手机 (phone)", "is 寄件手机号 meant?"),
      ("逆向单号,运单号,快递公司,运单号\n1,SF12345,顺丰,2\n", "运单号 comes twice, in columns 2 and 4", "leave 运单号 (waybill) once"),
      ("逆向单号,运单号,快递公司,快递单号\n1,SF12345,顺丰,2\n", "运单号 and 快递单号 are one column, in columns 2 and 4", nil),
      ("逆向单号,快递公司,运单号\n1,顺丰,SF12345,多\n", "row 2 has more cells than there are headings: \"多\"", "stands in quotes"),
      ("", "s.csv: it is empty", nil), ("\n \n", "s.csv: it is empty", nil),
      ("{\"id\": \"1\"\n", "s.csv: row 1 is no JSON", nil), ("{}\n[1]\n", "s.csv: row 2 is no object", nil),
      (
        "{\"id\": 1.5e11, \"carrier\": \"a\", \"waybill\": \"SF12345\"}",
        "row 1, column 逆向单号 (id): \"150000000000.0\" is a number with decimals", nil
      ),
      ("{\"waybill\": \"SF12345\", \"运单号\": \"SF12345\"}", "row 1 has 运单号 (waybill) twice", nil),
      (
        "{\"id\": \"1\", \"carier\": \"a\", \"waybill\": \"SF12345\"}", "there is no 快递公司 (carrier) in any row",
        "is carier meant?"
      ),
    ] as [(String, String, String?)])
  func mistakes(_ text: String, _ message: String, _ hint: String?) {
    let problem = #expect(throws: ParameterProblem.self) { try Self.sheet(text) }
    #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
    if let hint { #expect(problem?.hint?.contains(hint) == true, "\(problem?.hint ?? "none")") }
  }

  /// A spreadsheet keeps 15 digits of a number.
  @Test(arguments: [
    (["1460312617430000000", "1460312617440000000"], true), (["1460312617430000000"], true),
    (["146031261743012000"], false),
    (["1460312617430000000", "1460312617430000001"], false), (["=\"1460312617430000000\""], false),
    (["'1460312617430000000"], false), (["146031261743000"], false), (["1460312617430000"], false),
    (["1460312617430000", "1460312617430001", "1460312617430000000"], false),
  ])
  func longNumbersThatLostTheirDigits(_ ids: [String], _ isRefused: Bool) throws {
    let columns: JSON = ["id": ["type": "id"]]
    let text = "id\n" + ids.joined(separator: "\n")
    guard isRefused else {
      #expect(try Self.sheet(text, columns).rows.count == ids.count)
      return
    }
    let problem = #expect(throws: ParameterProblem.self) { try Self.sheet(text, columns) }
    #expect(problem?.description.contains("row 2, column id: all numbers of more than 15 digits end in zeros") == true)
  }

  @Test(
    arguments: [
      ("text", " 两 件 ", "两 件"), ("integer", "7", 7), ("boolean", "是", true), ("boolean", "no", false),
      ("duration", "1h30m", 5_400_000), ("date", "2026/11/1", "2026-11-01"), ("date", "2026-11-01", "2026-11-01"),
      ("time", "2026/11/1 8:00", .integer(Stage.start)), ("time", "2026-11-01 08:00:00", .integer(Stage.start)),
      ("money", "12.34 CNY", ["fen": 1234, "currency": "CNY"]), ("money", "¥5", ["fen": 500, "currency": "CNY"]),
      ("id", "500000-mhtestno887173", "500000-mhtestno887173"), ("id", "TQ11173622000991577", "TQ11173622000991577"),
      ("waybill", " sf1234567890 ", "SF1234567890"), ("waybill", "JD0001-1-1", "JD0001-1-1"),
      ("phone", "+86 138-0013-8000", "+86138-0013-8000"), ("phone", "18412345678-1234", "18412345678-1234"),
      ("id", "\t0012", "0012"), ("id", "'0012", "0012"), ("id", "=\"0012\"", "0012"),
    ] as [(JSON, String, JSON)])
  func cells(_ type: JSON, _ text: String, _ value: JSON) throws {
    #expect(
      try Self.sheet("c,x\n\(text.contains(",") ? "\"\(text)\"" : text),", ["c": ["type": type]]).rows == [["c": value]]
    )
  }

  @Test(
    arguments: [
      ("integer", "1,5", "\"1,5\" is not an integer"), ("integer", "7.0", "is not an integer"),
      ("boolean", "maybe", "is not true or false"), ("date", "11/1/2026", "is not a date"),
      ("date", "2026/2/30", "\"2026-02-30\" is not a date"), ("time", "2026/11/1", "is not a time"),
      ("money", "12.34", "\"12.34\" has no unit"), ("duration", "soon", "is not a duration"),
    ] as [(JSON, String, String)])
  func wrongCells(_ type: JSON, _ text: String, _ message: String) {
    let problem = #expect(throws: ParameterProblem.self) {
      try Self.sheet("c;x\n\(text);", ["c": ["type": type]])
    }
    #expect(
      problem?.description.contains("row 2, column c: \(message)") == true
        || problem?.description.contains(message) == true, "\(problem?.description ?? "")")
  }

  @Test func amountsMayTakeTheirCurrencyFromTheColumn() throws {
    let columns: JSON = ["fee": ["type": "money", "heading": "金额(元)", "currency": "CNY"]]
    let sheet = try Self.sheet("金额（元）\n12.5\n\"1,234.00\"\n3 USD\n", columns)
    #expect(sheet.rows.map { $0["fee"]?["fen"] } == [1250, 123_400, 300])
    #expect(sheet.rows.last?["fee"]?["currency"] == "USD")
  }

  @Test func choices() throws {
    let columns: JSON = ["how": ["type": "choice", "choices": ["退货", "退款"]]]
    #expect(try Self.sheet("how\n退款", columns).rows == [["how": "退款"]])
    let problem = #expect(throws: ParameterProblem.self) { try Self.sheet("how\n退貨", columns) }
    #expect(problem?.hint == "did you mean 退货?")
  }

  @Test func aSheetHasItsLimits() throws {
    let columns: JSON = ["id": ["type": "id"]]
    let most = "id\n" + (1...SheetReader.mostRows).map(String.init).joined(separator: "\n")
    #expect(try Self.sheet(most, columns).rows.count == SheetReader.mostRows)
    let problem = #expect(throws: ParameterProblem.self) { try Self.sheet(most + "\n0", columns) }
    #expect(problem?.description == "s.csv: it has more than 10000 rows")
  }

  @Test(
    arguments: [
      ([:], "params.p is rows without columns"), (nil, "params.p is rows without columns"),
      (["id": "id"], "params.p: columns.id must be a table"), (["id": [:]], "params.p: columns.id.type is missing"),
      (["id": ["type": "list"]], "params.p: columns.id.type: \"list\" is not known"),
      (["id": ["type": "id", "header": "x"]], "columns.id.header: \"header\" is not known"),
      (["id": ["type": "id", "heading": 5]], "columns.id.heading must be a text, or a list of texts"),
      (["c": ["type": "choice"]], "columns.c is a choice without choices"),
      (["m": ["type": "money", "currency": "XYZ"]], "columns.m.currency: \"XYZ\" is no currency"),
      (
        ["a": ["type": "id", "heading": "单号"], "b": ["type": "id", "heading": " 单 号"]],
        "columns.b and columns.a have the same heading"
      ),
    ] as [(JSON?, String)])
  func columnsThatAreWrong(_ columns: JSON?, _ message: String) {
    var header: JSON = ["type": "rows"]
    header["columns"] = columns
    let problem = #expect(throws: ParameterProblem.self) { try Parameter(name: "p", header: header) }
    #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
  }
}
