import JSON
import Testing

@testable import Catalogue

/// What `arguments(from:)` accepts, sends and refuses.
struct ArgumentTests {
  private func sent(_ value: JSON, _ id: String = "shop.things.set") throws -> Arguments {
    try Small.operation(id).arguments(from: value)
  }

  private func refusal(_ value: JSON, _ id: String = "shop.things.set") throws -> ArgumentError {
    let operation = try Small.operation(id)
    return try #require(throws: ArgumentError.self) { try operation.arguments(from: value) }
  }

  /// A field beside the two required ones, and what becomes of it on the wire and in the script's form.
  struct Accepted: Sendable, CustomTestStringConvertible {
    let field: String
    let given: JSON
    let wire: JSON
    let script: JSON
    var testDescription: String { "\(field) = \(given)" }

    init(_ field: String, _ given: JSON, _ wire: JSON, script: JSON? = nil) {
      self.field = field
      self.given = given
      self.wire = wire
      self.script = script ?? wire
    }
  }

  @Test(arguments: [
    Accepted("number", "9007199254740993", 9_007_199_254_740_993, script: "9007199254740993"),
    Accepted("number", 7, 7, script: "7"),
    Accepted("number", 7.0, 7, script: "7"),
    Accepted("note", "四个字符", "四个字符"),
    Accepted("note", 12, "12"),
    Accepted("kind", "red", "red"),
    Accepted("code", 2, 2), Accepted("code", "2", 2), Accepted("code", 2.0, 2),
    Accepted("fee", 550, 550), Accepted("fee", ["fen": 550, "currency": "CNY"], 550),
    Accepted("price", ["fen": 1205, "currency": "CNY"], "12.05"), Accepted("price", "12.05", "12.05"),
    Accepted("price", ["fen": -5], "-0.05"),
    Accepted("cost", ["fen": 1200, "currency": "CNY"], 12), Accepted("cost", ["fen": 1230], 12.3),
    Accepted("cost", 3, 3),
    Accepted("flag", true, true), Accepted("flag", "false", false),
    Accepted("rate", 1.5, 1.5), Accepted("rate", 2, 2), Accepted("rate", "1.5", 1.5),
    Accepted("memo", nil, nil), Accepted("memo", "", ""),
    Accepted("waybill", "SF123", "SF123"),
    Accepted("pics", ["a", "b"], ["a", "b"]), Accepted("pics", [:], []),
    Accepted("receiver", ["name": "王五"], ["name": "王五"]),
    Accepted(
      "lines", [["itemId": 5, "price": "1"]], "[{\"itemId\":\"5\",\"price\":\"1\"}]",
      script: [["itemId": "5", "price": "1"]]),
    Accepted("lines", "[ {\"itemId\": \"5\"} ]", "[{\"itemId\":\"5\"}]", script: [["itemId": "5"]]),
  ])
  func fieldIsAccepted(_ example: Accepted) throws {
    let arguments = try sent(
      .object(
        JSONObject([("id", "1"), ("quantity", 3), (example.field, example.given)] as [(key: String, value: JSON)])))
    #expect(arguments.body?[example.field]?.text() == example.wire.text())
    #expect(arguments.script[example.field]?.text() == example.script.text())
  }

  /// A field beside the two required ones that is refused, and what the message must hold.
  struct Refused: Sendable, CustomTestStringConvertible {
    let field: String
    let given: JSON
    let message: String
    let pointer: String
    var testDescription: String { "\(field) = \(given)" }

    init(_ field: String, _ given: JSON, _ message: String, at pointer: String? = nil) {
      self.field = field
      self.given = given
      self.message = message
      self.pointer = pointer ?? "/" + field
    }
  }

  @Test(arguments: [
    Refused("number", "12a", "number must be an id of digits, not the text \"12a\""),
    Refused("number", "9223372036854775808", "an id of digits"),
    Refused("number", .bigInteger("9223372036854775808"), "an id of digits"),
    Refused("number", "007", "an id of digits"),
    Refused("number", "", "an id of digits"),
    Refused("number", true, "an id of digits"),
    Refused("number", 1.5, "an id of digits"),
    Refused("number", " 7", "an id of digits"),
    Refused("receiver", 5, "must be a table, not 5"),
    Refused("cost", ["fen": .integer(.min)], "whole yuan"),
    Refused("note", "六个字符太多了", "at most 5 characters, it has 7"),
    Refused("note", "五个字多字", "at most 12 bytes of UTF-8, it has 15"),
    Refused("note", "", "text that is not empty"),
    Refused("note", ["a"], "must be text, not a list"),
    Refused("kind", "gren", "one of \"red\", \"green\", not the text \"gren\": did you mean green?"),
    Refused("code", 3, "one of 1 (seller), 2 (buyer)"),
    Refused("code", "many", "one of 1 (seller), 2 (buyer)"),
    Refused("fee", 0, "at least 1"),
    Refused("fee", 1.5, "an integer in fen"),
    Refused("fee", ["fen": 100, "currency": "USD"], "money in CNY"),
    Refused("fee", ["fen": 1.5], "money in CNY"),
    Refused("fee", ["fen": 1, "yuan": 1], "money in CNY"),
    Refused("flag", 1, "true or false, not 1"),
    Refused("flag", "1", "true or false, not the text"),
    Refused("quantity", true, "must be an integer, at least 0, not true"),
    Refused("note", false, "must be text, not false"),
    Refused("flag", "yes", "true or false, not the text \"yes\""),
    Refused("rate", "fast", "a number"),
    Refused("waybill", "123", "text of the form"),
    Refused("pics", ["a", "b", "c"], "at most 2 elements"),
    Refused("pics", ["a", []], "pics[2] must be text, not an empty list", at: "/pics/1"),
    Refused("pics", "a", "must be a list"),
    Refused("receiver", ["nmae": "x"], "no field receiver.nmae: did you mean name?", at: "/receiver/nmae"),
    Refused("receiver", ["city": "x"], "needs receiver.name (text)", at: "/receiver/name"),
    Refused("lines", [["price": "1"]], "needs lines[1].itemId", at: "/lines/0/itemId"),
    Refused("lines", "[", "JSON text, or the table it shall hold"),
    Refused("lines", "{\"a\":1}", "must be a list"),
    Refused("quantiti", 3, "no field quantiti: did you mean quantity?"),
    Refused("quantity", "many", "quantity must be an integer, at least 0, not the text \"many\""),
    Refused("quantity", -1, "at least 0, not -1"),
  ])
  func fieldIsRefused(_ example: Refused) throws {
    var table: JSONObject = ["id": "1", "quantity": 3]
    table[example.field] = example.given
    let error = try refusal(.object(table))
    #expect(error.pointer.description == example.pointer)
    #expect(error.description.contains(example.message), "\(error)")
    #expect(error.description.hasPrefix("shop.things.set"))
  }

  @Test func missingFieldsAreNamed() throws {
    let error = try refusal(["id": "1"])
    #expect(error.description == "shop.things.set needs quantity (an integer, at least 0)")
    #expect(error.label == "missing")
    #expect(error.given == nil)
  }

  @Test func nullCountsAsAbsentWhereItIsNoValue() throws {
    let arguments = try sent(["id": "1", "quantity": 3, "note": nil])
    #expect(arguments.body == ["id": "1", "quantity": 3])
    #expect(try refusal(["id": nil, "quantity": 3]).label == "missing")
  }

  @Test func wireKeepsTheCataloguesOrder() throws {
    let arguments = try sent(["quantity": 3, "flag": true, "id": "1"])
    #expect(arguments.body?.text() == "{\"id\":\"1\",\"quantity\":3,\"flag\":true}")
  }

  @Test func equalArgumentsHaveOneCanonicalForm() throws {
    let one = try sent(["id": 1, "quantity": 3.0, "fee": ["fen": 5, "currency": "CNY"], "lines": [["itemId": 5]]])
    let two = try sent(["lines": "[{\"itemId\":\"5\"}]", "fee": 5, "quantity": 3, "id": "1"])
    #expect(one.script.bytes(.canonical) == two.script.bytes(.canonical))
  }

  @Test(
    arguments: [
      (JSON.string("7"), "7"), (7, "7"), (7.0, "7"), (.bigInteger("99999999999999999999"), "99999999999999999999"),
    ] as [(JSON, String)])
  func scalarIsMeantForTheOnlyRequiredField(_ given: JSON, _ id: String) throws {
    #expect(try sent(given, "shop.things.get").path == ["id": id])
  }

  @Test func scalarNeedsOneField() throws {
    #expect(try refusal("7").description == "shop.things.set takes a table with id, quantity, not the text \"7\"")
    #expect(try refusal(["7"]).description == "shop.things.set takes a table of named fields, not a list")
    #expect(try refusal(nil, "shop.things.get").description == "shop.things.get needs id (an id)")
  }

  @Test func unknownFieldsAreRefusedWithoutABody() throws {
    let error = try refusal(["id": "1", "di": 2], "shop.things.get")
    #expect(error.suggestion == "id")
    #expect(try refusal(["id": "1", "zzzzzz": 2], "shop.things.get").description.contains("it has one of id"))
  }
}

/// Arguments of the embedded catalogue that are easily got wrong.
struct ArgumentTrapTests {
  @Test func postWithAQueryParameter() throws {
    let arguments = try #require(embedded["alibaba.refunds.get"]).arguments(from: "TQ1")
    #expect(arguments.query == [Arguments.Field(name: "refundId", value: "TQ1")])
    #expect(arguments.body == nil)
  }

  @Test func jsonTextInsideABody() throws {
    let operation = try #require(embedded["taobao.products.batchGet"])
    let table: JSON = ["params": [["itemId": 672_991_141_190, "skuIds": ["3452545926724"]]]]
    let arguments = try operation.arguments(from: table)
    let text = try #require(arguments.body?["params"]?.string)
    #expect(try JSON(parsing: text) == [["itemId": "672991141190", "skuIds": ["3452545926724"]]])
  }

  @Test func integerIDsAreTextToScripts() throws {
    let operation = try #require(embedded["alibaba.orders.cancel"])
    let arguments = try operation.arguments(
      from: ["webSite": "1688", "orderId": "2542285634920880794", "cancelReason": "不想要了"])
    #expect(arguments.body?["orderId"] == 2_542_285_634_920_880_794)
    #expect(arguments.script["orderId"] == "2542285634920880794")
  }

  @Test func aPlaceholderOfAPlanPassesWhereAnIDOfDigitsIsExpected() throws {
    let operation = try #require(embedded["alibaba.orders.cancel"])
    let given: JSON = ["webSite": "1688", "orderId": "plan:3/orderId", "cancelReason": "不想要了"]
    let arguments = try operation.arguments(from: given, admitting: ["plan:3/orderId"])
    #expect(arguments.script == given && arguments.body?["orderId"] == "plan:3/orderId")
    #expect(throws: ArgumentError.self) { try operation.arguments(from: given) }
    #expect(throws: ArgumentError.self) { try operation.arguments(from: given, admitting: ["plan:3/other"]) }
  }

  @Test func warehouseSignsItsQuery() {
    for operation in allOperations {
      #expect((operation.signing == .query) == (operation.market == "Warehouse"))
      #expect(!operation.fields.contains { ["sign", "timestamp", "signature", "access-key"].contains($0.name) })
    }
  }
}
