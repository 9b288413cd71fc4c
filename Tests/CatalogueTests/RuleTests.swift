import JSON
import Testing

@testable import Catalogue

/// The rules on a small catalogue, where every value can be seen.
struct RuleTests {
  let set: Operation
  let add: Operation
  let pay: Operation

  init() throws {
    set = try Small.operation("shop.things.set")
    add = try Small.operation("shop.things.add")
    pay = try Small.operation("shop.things.pay")
  }

  @Test func claimsNameEachResourceOnce() throws {
    let arguments = try pay.arguments(from: ["ids": ["7", 8, "7"]])
    #expect(pay.claims(of: arguments).map(\.description) == ["shop.thing:7", "shop.thing:8"])
    let unnamed = add.claims(of: try add.arguments(from: [:]))
    #expect(unnamed.map(\.kind) == ["shop.things.add"])
    #expect(unnamed != add.claims(of: try add.arguments(from: ["lines": [["fee": 1]]])))
    let read = try Small.operation("shop.things.get")
    #expect(read.claims(of: try read.arguments(from: "7")) == [])
    #expect(add.claims(of: try add.arguments(from: ["state": "k1"])) == [Claim(kind: "shop.thing.key", id: "k1")])
  }

  @Test func beforeIsReadPerElement() throws {
    let arguments = try pay.arguments(from: ["ids": ["7", "8"]])
    #expect(
      pay.beforeReads(for: arguments) == [
        ReadRequest(operation: "shop.things.get", arguments: ["id": "7"]),
        ReadRequest(operation: "shop.things.get", arguments: ["id": "8"]),
      ])
    #expect(add.beforeReads(for: try add.arguments(from: [:])) == [])
  }

  @Test func amountsAddUp() throws {
    let arguments = try pay.arguments(from: ["ids": ["7", "8"]])
    let befores: [JSON] = [["fee": 300], ["fee": "45"]]
    #expect(pay.amount(in: befores, arguments: arguments) == Fen(345))
    #expect(pay.amount(in: [["fee": 300], ["fee": nil]], arguments: arguments) == nil)
    #expect(pay.amount(in: [["fee": 300], [:]], arguments: arguments) == nil)
    #expect(pay.amount(in: [["fee": 300]], arguments: arguments) == nil)
    #expect(pay.amount(in: [["fee": .integer(.max)], ["fee": 1]], arguments: arguments) == nil)
    let lines = try add.arguments(from: ["lines": [["fee": 20], ["fee": 3]]])
    #expect(add.amount(in: [], arguments: lines) == Fen(23))
    #expect(add.amount(in: [], arguments: try add.arguments(from: ["lines": [["fee": 20], [:]]])) == nil)
  }

  @Test(
    arguments: [
      ("12.3", 1230), ("12", 1200), ("0.05", 5), ("-1.10", -110), ("12.300", 1230), ("1.005", nil), ("", nil),
    ] as [(String, Int64?)])
  func yuanAreConvertedExactly(_ price: String, _ fen: Int64?) throws {
    let arguments = try set.arguments(from: ["id": "1", "quantity": 1])
    let found = set.amount(in: [["price": .string(price)]], arguments: arguments)
    #expect(found == fen.map { Fen($0) })
    #expect(set.amount(in: ["price": .string(price)]) == found)
  }

  @Test(
    arguments: [
      (JSON.object(["ok": true]), Judgement.confirmed), (["ok": "true"], .confirmed), ([:], .hinted), (nil, .hinted),
      (["ok": nil], .hinted), (["ok": false], .rejected("/ok is false")),
    ] as [(JSON, Judgement)])
  func confirmingAnswer(_ data: JSON, _ expected: Judgement) {
    #expect(set.judge(data) == expected)
  }

  @Test(
    arguments: [(JSON.object(["ok": true]), Judgement.confirmed), (["ok": false], .hinted), (nil, .hinted)]
      as [(JSON, Judgement)])
  func hintingAnswer(_ data: JSON, _ expected: Judgement) {
    #expect(pay.judge(data) == expected)
  }

  @Test func acceptingAnswer() throws {
    #expect(add.judge(["id": "9"]) == .accepted)
    #expect(try Small.operation("shop.things.get").judge([:]) == .confirmed)
  }

  @Test(
    arguments: [
      (JSON.object(["quantity": 4]), ReadBack.done), (["quantity": "4"], .done), (["quantity": 5], .notDone),
      ([:], .unclear("the answer says neither done nor not done")),
    ] as [(JSON, ReadBack)])
  func readBackComparesWithTheArguments(_ data: JSON, _ expected: ReadBack) throws {
    let arguments = try set.arguments(from: ["id": "1", "quantity": 4])
    #expect(set.judgeReadBack(of: arguments, data: data) == expected)
    #expect(set.outcome?.settleAfter == .seconds(90))
  }

  @Test(
    arguments: [
      (["paid", "paid"], ReadBack.done), (["10", "10"], .notDone), (["paid", "10"], .unclear("1 of 2 are done")),
    ] as [([String], ReadBack)])
  func readBackPerElement(_ states: [String], _ expected: ReadBack) throws {
    let arguments = try pay.arguments(from: ["ids": ["7", "8"]])
    #expect(pay.readBacks(of: arguments).map { $0.arguments["id"] } == ["7", "8"])
    let answers = states.map { JSON.object(["state": .string($0)]) }
    #expect(pay.judgeReadBack(of: arguments, answers: answers) == expected)
    #expect(pay.judgeReadBack(of: arguments, answers: [answers[0]]) == .unclear("an answer is missing"))
  }

  @Test func answerNamesTheReadBack() throws {
    let arguments = try add.arguments(from: ["state": "k1"])
    #expect(
      add.readBacks(of: arguments, answer: ["id": "9"], intended: 1_000_000)
        == [ReadRequest(operation: "shop.things.get", arguments: ["id": "9"])])
    #expect(
      add.readBacks(of: arguments, intended: 1_000_000)
        == [ReadRequest(operation: "shop.things.list", arguments: ["since": 700_000, "size": 50])])
    #expect(add.readBacks(of: arguments) == [])
    #expect(add.judgeReadBack(of: arguments, data: [:]) == .unclear("shop.things.add cannot be read back"))
  }

  @Test(
    arguments: [
      ([("k1", 1_000_000)], ReadBack.done), ([("k1", 999_999)], .notDone), ([], .notDone),
      ([("k2", 1_000_001)], .notDone),
      ([("k1", 1_000_000), ("k1", 1_000_007)], .unclear("2 rows could be the write's")),
    ] as [([(String, Int64)], ReadBack)])
  func findingNeedsExactlyOneNewRow(_ rows: [(String, Int64)], _ expected: ReadBack) throws {
    let arguments = try add.arguments(from: ["state": "k1"])
    let things = rows.map { JSON.object(["thing": ["state": .string($0), "time": .integer($1)]]) }
    let data: JSON = ["data": .array(things)]
    #expect(add.judgeReadBack(of: arguments, data: data, intended: 1_000_000) == expected)
    #expect(add.judgeReadBack(of: arguments, data: data) == .unclear("shop.things.add cannot be read back"))
    #expect(
      add.judgeReadBack(of: arguments, data: nil, intended: 1_000_000)
        == .unclear("the answer holds no list to look in"))
  }

  @Test(
    arguments: [
      (["a", "a"], true), (["a", "c"], false), (["a", nil], nil), (["c", nil], false), ([], nil),
    ] as [([String?], Bool?)])
  func everyElementCounts(_ states: [String?], _ expected: Bool?) {
    let rows = states.map { state in JSON.object(state.map { ["state": .string($0)] } ?? [:]) }
    let document: JSON = ["rows": .array(rows)]
    let context = RuleContext(arguments: ["state": "b"])
    let strict = Condition(pointer: "/rows/*/state", values: [.literal("a"), .argument("/state")])
    #expect(strict.holds(in: document, context) == expected)
    let lenient = Condition(pointer: "/rows/*/state", values: [.literal("a"), .literal(nil)])
    #expect(lenient.holds(in: document, context) == (expected ?? true))
  }

  @Test func keyIsFilledInWhereAbsent() throws {
    #expect(add.filling(key: "ebb-1", in: ["lines": []]) == ["lines": [], "state": "ebb-1"])
    #expect(add.filling(key: "ebb-1", in: nil) == ["state": "ebb-1"])
    #expect(add.filling(key: "ebb-1", in: ["state": nil]) == ["state": "ebb-1"])
    #expect(add.filling(key: "ebb-1", in: ["state": "mine"]) == ["state": "mine"])
    #expect(set.filling(key: "ebb-1", in: ["id": "1"]) == ["id": "1"])
  }

  @Test func planFillsItsTemplates() throws {
    let arguments = try set.arguments(from: ["id": "1", "quantity": 4])
    let planned = set.plannedAnswer(to: arguments, before: ["id": "1", "quantity": 2], placeholder: "plan:5")
    #expect(planned == ["ok": true, "thing": ["id": "1", "quantity": 2]])
    let key = try add.arguments(from: [:])
    #expect(add.plannedAnswer(to: key, before: nil, placeholder: "plan:5/2") == ["id": "plan:5/2/thing"])
  }

  @Test func overlayShowsWhatWouldBe() throws {
    let arguments = try set.arguments(from: ["id": "1", "quantity": 4])
    func shown(_ data: JSON, _ operation: String, _ given: JSON) -> JSON {
      set.overlay(
        on: data, of: ReadRequest(operation: operation, arguments: given), arguments: arguments, answer: ["ok": true])
    }
    #expect(shown(["quantity": 2], "shop.things.get", ["id": 1]) == ["quantity": 4])
    #expect(shown(["quantity": 2], "shop.things.get", ["id": "2"]) == ["quantity": 2])
    let list: JSON = ["data": [["thing": ["id": "1", "quantity": 2]], ["thing": ["id": "2", "quantity": 2]]]]
    #expect(
      shown(list, "shop.things.list", ["size": 50])
        == ["data": [["thing": ["id": "1", "quantity": 4]], ["thing": ["id": "2", "quantity": 2]]]])
  }

  @Test func overlayGoesThroughEachElement() throws {
    let arguments = try pay.arguments(from: ["ids": ["7", "8"]])
    let list: JSON = ["data": [["thing": ["id": "8"]], ["thing": ["id": "9"]], ["thing": ["id": "7"]]]]
    let read = ReadRequest(operation: "shop.things.list", arguments: ["size": 50])
    let shown = pay.overlay(on: list, of: read, arguments: arguments, answer: nil)
    #expect((0..<3).map { shown["data"]?[$0]?["thing"]?["state"] } == ["paid", nil, "paid"])
  }

  @Test func watchedFieldsShowAbsentOnesAsNull() {
    let fields = set.watchedFields(in: ["state": "10"])
    #expect(fields.map(\.pointer.description) == ["/state", "/quantity"])
    #expect(fields.map(\.value) == ["10", nil])
  }
}

/// What is said about a rule that cannot be read.
struct DamagedRuleTests {
  @Test(
    arguments: [
      ("\"id\": \"/id\"}]", "\"id\": \"id\"}]", "is no JSON pointer"),
      ("\"answer\": \"confirms\"", "\"answer\": \"yes\"", "confirms, accepts or hints"),
      ("\"repeat\": \"safe\"", "\"repeat\": \"often\"", "safe or once"),
      ("\"90s\"", "\"soon\"", "is no duration"),
      ("\"not_done\": \"otherwise\"", "\"not_done\": \"perhaps\"", "is no verdict"),
      ("\"direction\": \"forgone\"", "\"direction\": \"up\"", "direction"),
      ("{\"$before\": \"\"}", "{\"$after\": \"\"}", "unknown expression $after"),
      ("\"type\": \"number\"}, \"login\"", "\"type\": \"numeral\"}, \"login\"", "unknown type numeral"),
      (
        "\"price\": {\"type\": \"string\", \"x-ebb-unit\": \"yuan\"}, \"isOld\"",
        "\"price\": {\"type\": \"string\"}, \"isOld\"", "fen or yuan"
      ),
      ("schemas/IntegerId\"}, \"note\"", "schemas/Nothing\"}, \"note\"", "leads nowhere"),
    ] as [(String, String, String)])
  func damageIsNamed(_ sound: String, _ damaged: String, _ reason: String) throws {
    #expect(try Small.catalogue().validate() == [])
    #expect(Small.document.contains(sound))
    let catalogue = try Catalogue(parsing: JSON(parsing: Small.document.replacing(sound, with: damaged)))
    let errors = catalogue.validate()
    for operation in catalogue.operations where operation.effect == .write {
      #expect(operation.judge(["ok": true]) != .confirmed || operation.outcome != nil)
    }
    #expect(errors.contains { $0.reason.contains(reason) && $0.place.hasPrefix("shop.things.") }, "\(errors)")
  }

  @Test(
    arguments: [
      ("\"3.1.0\"", "\"3.0.0\"", "no OpenAPI 3.1"),
      ("\"x-ebb-effect\": \"event\"", "\"x-ebb-effect\": \"x\"", "x-ebb-effect"),
      ("\"x-ebb-write\": \"keyed\"", "\"x-ebb-write\": \"keyd\"", "x-ebb-write"),
      ("\"operationId\": \"shop.things.list\"", "\"operationId\": \"shop.things.get\"", "two operations"),
      ("\"shop.things.pay\", \"shop.events", "\"shop.events", "x-ebb-order"),
      ("\"method\": \"documented\", \"path\": \"inferred\"", "\"method\": \"documented\"", "x-ebb-evidence"),
    ] as [(String, String, String)])
  func brokenDocumentIsRefused(_ sound: String, _ damaged: String, _ reason: String) throws {
    #expect(Small.document.contains(sound))
    let document = try JSON(parsing: Small.document.replacing(sound, with: damaged))
    let error = try #require(throws: CatalogueError.self) { try Catalogue(parsing: document) }
    #expect(error.description.contains(reason), "\(error)")
  }
}
