import JSON
import Testing

@testable import Playbooks

@Suite struct ParameterTests {
  static func parameter(_ header: JSON) throws -> Parameter {
    try Parameter(name: "p", header: header)
  }

  @Test(
    arguments: [
      ("text", "x", "x"), ("text", "", ""), ("text", 5, "5"), ("text", true, "true"),
      ("id", "110000235001", "110000235001"), ("id", 1_100_002_350_019_876_543, "1100002350019876543"),
      ("id", .bigInteger("12345678901234567890"), "12345678901234567890"),
      ("id", "TQ11173622000991577", "TQ11173622000991577"),
      ("integer", "7", 7), ("integer", "-7", -7), ("integer", 7, 7), ("integer", "9223372036854775807", .integer(.max)),
      ("boolean", "true", true), ("boolean", "YES", true), ("boolean", "on", true), ("boolean", "false", false),
      ("boolean", "no", false), ("boolean", "off", false), ("boolean", false, false),
      ("duration", "7d", 604_800_000), ("duration", 0, 0), ("duration", 1500, 1500),
      ("time", "2026-11-01T00:00:00Z", 1_793_491_200_000), ("time", 1_793_491_200_000, 1_793_491_200_000),
      ("date", "2026-11-01", "2026-11-01"),
      ("money", "500 CNY", ["fen": 50000, "currency": "CNY"]),
      ("money", "50000 fen", ["fen": 50000, "currency": "CNY"]),
      ("money", ["fen": 1, "currency": "USD"], ["fen": 1, "currency": "USD"]),
      ("list", "a, b,c", ["a", "b", "c"]), ("list", [1, "b"], ["1", "b"]), ("list", "a", ["a"]), ("list", [], []),
      ("list", [:], []),
    ] as [(JSON, JSON, JSON)])
  func types(_ type: JSON, _ given: JSON, _ value: JSON) throws {
    #expect(try Self.parameter(["type": type]).value(given) == value)
  }

  @Test(
    arguments: [
      ("text", [:], "p: {} is not text"), ("text", nil, "p: null is not text"),
      ("id", "", "p: \"\" is no id"), ("id", "1.46031E+12", "p: \"1.46031E+12\" is no id"),
      ("id", .number(1.1e11), "p: 110000000000.0 is no id"), ("id", "1e+12", "p: \"1e+12\" is no id"),
      ("id", [], "p: [] is no id"),
      ("integer", "1.0", "p: \"1.0\" is not an integer"), ("integer", 1.0, "p: 1.0 is not an integer"),
      ("integer", "", "p: \"\" is not an integer"), ("integer", true, "p: true is not an integer"),
      ("integer", "9223372036854775808", "p: \"9223372036854775808\" is not an integer"),
      ("integer", .bigInteger("9223372036854775808"), "p: 9223372036854775808 is not an integer"),
      ("boolean", "1", "p: \"1\" is not true or false"), ("boolean", 1, "p: 1 is not true or false"),
      ("duration", "7", "p: \"7\" is not a duration"), ("duration", -1, "p: -1 is not a duration"),
      ("duration", 1.5, "p: 1.5 is not a duration"),
      ("time", "yesterday", "p: \"yesterday\" is not a time"),
      ("date", "2026-02-30", "p: \"2026-02-30\" is not a date"),
      ("date", 20261101, "p: 20261101 is not a date"),
      ("money", "500", "p: \"500\" has no unit"), ("money", 500, "p: \"500\" has no unit"),
      ("money", [], "p: [] is not an amount"),
      ("money", ["fen": 1.5, "currency": "CNY"], "p: {\"fen\":1.5,\"currency\":\"CNY\"} is not an amount"),
      ("list", 5, "p: 5 is not a list"), ("list", [[1]], "p: [1] is not text"),
    ] as [(JSON, JSON, String)])
  func refuses(_ type: JSON, _ given: JSON, _ message: String) throws {
    let parameter = try Self.parameter(["type": type])
    let problem = #expect(throws: ParameterProblem.self) { try parameter.value(given) }
    #expect(problem?.description == message)
  }

  @Test func ofRowsOnlyTheNameIsLookedAt() throws {
    let parameter = try Self.parameter(["type": "rows", "columns": ["id": ["type": "id"]]])
    #expect(try parameter.value("@a.csv") == "@a.csv")
    let problem = #expect(throws: ParameterProblem.self) { try parameter.value("a.csv") }
    #expect(problem?.description == "p: \"a.csv\" names no sheet")
    #expect(throws: ParameterProblem.self) { try Self.parameter(["type": "text", "columns": [:]]) }
    #expect(throws: ParameterProblem.self) {
      try Self.parameter(["type": "rows", "columns": ["id": ["type": "id"]], "max": 3])
    }
  }

  @Test func choices() throws {
    let parameter = try Self.parameter(["type": "choice", "choices": ["soft", "hard", 3]])
    #expect(try parameter.value("hard") == "hard" && parameter.value(3) == "3")
    let problem = #expect(throws: ParameterProblem.self) { try parameter.value("sofd") }
    #expect(problem?.description == "p: \"sofd\" is not one of soft, hard, 3")
    #expect(problem?.hint == "did you mean soft?")
  }

  @Test(
    arguments: [
      ("integer", "1,2, 3", [1, 2, 3]), ("id", [110_000_235_001], ["110000235001"]),
      ("money", "1 CNY,¥2", [["fen": 100, "currency": "CNY"], ["fen": 200, "currency": "CNY"]]),
      ("duration", ["1h", 5], [3_600_000, 5]),
    ] as [(JSON, JSON, JSON)])
  func lists(_ element: JSON, _ given: JSON, _ value: JSON) throws {
    #expect(try Self.parameter(["type": "list", "of": element]).value(given) == value)
  }

  @Test func oneWrongElementRefusesTheList() throws {
    let parameter = try Self.parameter(["type": "list", "of": "integer"])
    let problem = #expect(throws: ParameterProblem.self) { try parameter.value("1,x") }
    #expect(problem?.description == "p: \"x\" is not an integer")
  }

  @Test(
    arguments: [
      (["type": "integer", "min": 1, "max": 3], 1, nil), (["type": "integer", "min": 1, "max": 3], 3, nil),
      (["type": "integer", "min": 1], 0, "p: 0 is less than the least, 1"),
      (["type": "duration", "max": "1h"], "61m", "p: 1h1m is more than the most, 1h"),
      (["type": "money", "max": "5 CNY"], "5.01 CNY", "p: 5.01 CNY is more than the most, 5.00 CNY"),
      (["type": "money", "max": "5 CNY"], "5 CNY", nil),
      (["type": "money", "max": "5 CNY"], "1 USD", "p: 1.00 USD is not in the currency of its limit, 5.00 CNY"),
      (["type": "money", "min": "5 CNY"], "9 USD", "p: 9.00 USD is not in the currency of its limit, 5.00 CNY"),
      (
        ["type": "time", "min": "2026-11-01T00:00:00Z"], "2026-10-31T23:59:59Z",
        "p: 1793491199000 is less than the least, 1793491200000"
      ),
    ] as [(JSON, JSON, String?)])
  func ranges(_ header: JSON, _ given: JSON, _ message: String?) throws {
    let parameter = try Self.parameter(header)
    guard let message else {
      #expect(throws: Never.self) { try parameter.value(given) }
      return
    }
    let problem = #expect(throws: ParameterProblem.self) { try parameter.value(given) }
    #expect(problem?.description == message)
  }

  @Test func defaultsAreTyped() throws {
    #expect(try Self.parameter(["type": "duration", "default": "7d"]).fallback == 604_800_000)
    #expect(
      try Self.parameter(["type": "money", "default": "20000 CNY"]).fallback == ["fen": 2_000_000, "currency": "CNY"])
    #expect(try Self.parameter(["type": "text"]).fallback == nil)
  }
}
