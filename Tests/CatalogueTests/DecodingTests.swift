import JSON
import Testing

@testable import Catalogue

/// How answers become what scripts see.
struct DecodingTests {
  let operation: Operation

  init() throws {
    operation = try Small.operation("shop.things.get")
  }

  @Test(
    arguments: [
      ("id", JSON.integer(7), JSON.string("7")), ("id", .bigInteger("98765432109876543210"), "98765432109876543210"),
      ("number", 7, "7"), ("number", "7", "7"), ("state", -20, "-20"), ("state", true, "true"),
      ("quantity", "12", 12), ("quantity", "012", "012"), ("quantity", 12.0, 12), ("quantity", 12.5, 12.5),
      ("quantity", "", ""), ("quantity", "twelve", "twelve"), ("quantity", true, 1), ("isOld", "true", true),
      ("isOld", 0, false), ("isOld", "maybe", "maybe"), ("isOld", nil, nil), ("rate", "1.5", 1.5),
      ("rate", "1.50", "1.50"),
      ("rate", 2, 2), ("price", 12.3, "12.3"), ("tags", [1, "b", nil], ["1", "b", nil]), ("tags", "a", "a"),
      ("tags", [], []), ("unheard", 5, 5), ("quantity", ["a": 1], ["a": 1]),
    ] as [(String, JSON, JSON)])
  func scalarTakesItsType(_ field: String, _ wire: JSON, _ expected: JSON) {
    let data = JSON.object(JSONObject([(key: field, value: wire)]))
    #expect(operation.decode(data).text() == JSON.object(JSONObject([(key: field, value: expected)])).text())
  }

  @Test(arguments: [nil, "text", 5, [], [:]] as [JSON])
  func anotherShapeIsLeftAlone(_ data: JSON) {
    #expect(operation.decode(data) == data)
  }

  @Test func orderOfMembersIsKept() {
    #expect(operation.decode(["zeta": 1, "state": 10, "id": 5]).text() == "{\"zeta\":1,\"state\":\"10\",\"id\":\"5\"}")
  }

  @Test func secretsAndPersonalValuesAreFound() throws {
    let data: JSON = ["login": "token", "phone": "181", "state": "10"]
    #expect(operation.secrets(in: data) == ["/login"])
    #expect(operation.personal(in: data) == ["/phone"])
    #expect(operation.secrets(in: ["login": nil]) == [])
    let list = try Small.operation("shop.things.list")
    #expect(list.secrets(in: ["data": [[:], ["thing": data]]]) == ["/data/1/thing/login"])
  }

  @Test func secretArgumentsAreFound() throws {
    let operation = try #require(embedded["taobao.orders.imLink"])
    let arguments = try operation.arguments(from: try #require(operation.exampleArguments))
    #expect(operation.secrets(in: arguments) == [])
    let login: JSON = ["loginName": "a", "password": "b", "pageName": "c", "pageParamMap": "d"]
    #expect(operation.secrets(in: try operation.arguments(from: login)) == ["/password"])
  }

  @Test func loginLinkIsSecret() throws {
    let operation = try #require(embedded["taobao.orders.imLink"])
    #expect(operation.secrets(in: "https://example.invalid/imchat?loginToken=x") == [JSONPointer()])
  }

  @Test func eventsDecodeTheirMessage() throws {
    #expect(try Small.operation("shop.events.changed").decode(["id": 5]) == ["id": "5"])
  }

  @Test func wordsOfValuesAreReachable() {
    #expect(operation.answer["state"]?.schema.words["-20"] == "closed")
    #expect(operation.answer.schema(at: "/tags/*")?.kinds == [.string])
    #expect(operation.answer.schema(at: "/nothing") == nil)
  }
}

/// How pages are read, in the shapes of assumptions.md 1.
struct PageRuleTests {
  let page: PageRule

  init() throws {
    page = try #require(try Small.operation("shop.things.list").page)
  }

  @Test(arguments: ["data", "list", "records", "rows"])
  func rowsGoByManyNames(_ name: String) {
    let rows: [JSON] = [["thing": ["id": "1"]]]
    #expect(page.rows(in: .object(JSONObject([(key: name, value: .array(rows))]))) == rows)
    #expect(page.rows(in: .array(rows)) == rows)
  }

  @Test func noRowsAreNotAnEmptyPage() {
    #expect(page.rows(in: ["data": nil]) == nil)
    #expect(page.rows(in: nil) == nil)
    #expect(page.rows(in: ["data": []]) == [])
  }

  @Test(
    arguments: [
      (JSON.object(["totalPage": 3]), Int64(3)), (["totalPage": "3"], 3), (["totalRecords": 101], 3),
      (["total": 100], 2),
      (["totalCount": "0"], 0), ([:], nil), (["totalPage": nil, "totalRecords": 51], 2), (["totalPage": -1], nil),
    ] as [(JSON, Int64?)])
  func pagesAreCounted(_ data: JSON, _ pages: Int64?) {
    #expect(page.pages(in: data, size: 50) == pages)
  }

  @Test(
    arguments: [
      (JSON.object(["totalPage": 2, "data": [1, 2]]), Int64(1), false), (["totalPage": 2, "data": [1, 2]], 2, true),
      (["totalPage": 9, "data": []], 1, false), (["totalPage": 0, "data": []], 1, true), (["data": [1, 2]], 1, false),
      (["data": [1]], 1, true),
      (["totalRecords": 4, "data": [1, 2]], 1, false), ([1, 2], 1, false), ([], 1, true),
    ] as [(JSON, Int64, Bool)])
  func lastPageIsKnown(_ data: JSON, _ number: Int64, _ isLast: Bool) {
    #expect(page.isLast(data, number: number, size: 2) == isLast)
  }

  @Test func argumentsAskForAPage() {
    #expect(page.arguments(["since": 5], number: 3, size: 200) == ["since": 5, "page": 3, "size": 50])
    #expect(page.arguments(nil, number: 1, size: 20) == ["page": 1, "size": 20])
    #expect(page.id(of: ["thing": ["id": 5]]) == "5")
    #expect(page.id(of: [:]) == nil)
  }
}
