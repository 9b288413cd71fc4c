import Foundation
import JSON
import Testing

@testable import Journal

@Suite struct ForgetTests {
  /// Members called `phone` are personal.
  struct Phones: PersonalData {
    func personal(inArguments arguments: JSON, of operation: String) -> [JSONPointer] { phones(arguments) }
    func personal(inAnswer answer: JSON, of operation: String) -> [JSONPointer] { phones(answer) }
    func personal(inWork value: JSON) -> [JSONPointer] { phones(value) }

    private func phones(_ value: JSON, at pointer: JSONPointer = JSONPointer()) -> [JSONPointer] {
      switch value {
      case .array(let elements): elements.enumerated().flatMap { phones($0.element, at: pointer.appending($0.offset)) }
      case .object(let members):
        members.flatMap {
          $0.key == "phone" ? [pointer.appending($0.key)] : phones($0.value, at: pointer.appending($0.key))
        }
      default: []
      }
    }
  }

  static let mine: JSON = ["id": "7700", "who": ["phone": "13800138000"], "state": "open"]
  static let others: JSON = ["id": "8800", "who": ["phone": "13900139000"], "state": "open"]
  let folder: StoreFolder
  let store: SQLiteStore

  init() throws {
    folder = try StoreFolder()
    store = try SQLiteStore(path: folder.store)
  }

  private func live(_ run: RunID, _ order: JSON, as status: RunStatus) async throws {
    let record = RunRecord(
      id: run, playbook: "p", version: "v", profile: "shop", trigger: .event, parameters: ["phone": "1", "id": 1],
      event: order, started: 5)
    _ = try await store.start(record, requiring: [])
    let lease = try #require(try await store.acquire(run, by: "one", at: 0, for: 10))
    let id = order["id"]?.string ?? ""
    let phone = order["who"]?["phone"]?.string ?? ""
    var effect = EffectRecord(
      run: run, path: "2", operation: "o", arguments: order, digest: "00", claims: [.sample(id)], charge: nil,
      instant: 5)
    effect.answer = order
    let decision = Decision(subject: id, kind: .kept, reason: "r", detail: "d", step: "1")
    let notes = [
      Note(after: "1", ordinal: 1, content: .decision(decision)),
      Note(
        after: "1", ordinal: 2, content: .log(LogLine(level: "info", message: "\(id) is at \(phone)", fields: [:]))),
      Note(after: "1", ordinal: 3, content: .report(["rows": [order]])),
    ]
    let step = Step(
      path: "1", name: "o", arguments: order.bytes(), digest: "00", result: .returned([JSON.array([order]).bytes()]),
      sequence: 1, instant: 5)
    let error = Step(path: "3", name: "o", digest: "01", result: .raised(order.bytes()), sequence: 2, instant: 6)
    let question = ApprovalRequest(path: "4", title: "t", items: [order], digest: "02", claims: [], expires: 100)
    _ = try await store.commit(
      [
        Entry(.step(step), notes: notes, instant: 5), .intent(effect), .settle("2", .confirmed),
        Entry(.step(error), instant: 6),
        Entry(.ask(question), instant: 6), Entry(.status(status, result: order, failure: order), instant: 7), .release,
      ], under: lease)
  }

  /// All bytes of the store's files.
  private func files() throws -> [UInt8] {
    try folder.names().filter { $0.hasPrefix("store.db") }.flatMap { try folder.bytes($0) }
  }

  private func isAnywhere(_ text: String) throws -> Bool {
    let bytes = try files()
    return Data(bytes).range(of: Data(text.utf8)) != nil
  }

  @Test func whatIsPersonalIsGoneFromTheFilesAndTheDecisionsStay() async throws {
    try await live("a", Self.mine, as: .succeeded)
    try await live("b", Self.others, as: .running)
    try await store.keep(PlanRecord(digest: "p", document: [Self.mine], created: 1, expires: 2))
    #expect(try isAnywhere("13800138000"))
    let decisions = try await store.decisions(about: "7700")
    let others = try await store.history(of: "b")
    let outcome = try await store.forget("7700", where: Phones(), .ann(9))
    #expect(outcome == .forgotten(records: 11))
    #expect(try !isAnywhere("13800138000"))
    #expect(try isAnywhere("13900139000"))
    #expect(try await store.history(of: "b") == others)
    #expect(try await store.decisions(about: "7700") == decisions && decisions.count == 1)
    let erased: JSON = ["id": "7700", "who": ["phone": "forgotten"], "state": "open"]
    let history = try #require(try await store.history(of: "a"))
    #expect(history.record.event == erased && history.record.result == erased && history.record.failure == erased)
    #expect(history.record.parameters == ["phone": "1", "id": 1])
    #expect(history.steps[0].arguments == erased.bytes() && history.steps[0].digest != "00")
    #expect(history.steps[1].result == .raised(erased.bytes()) && history.steps[1].digest == "01")
    #expect(history.effects[0].arguments == erased && history.effects[0].answer == erased)
    #expect(history.approvals[0].items == [erased])
    #expect(try await store.plan("p")?.document == [erased])
    #expect(history.notes[1].content == .log(LogLine(level: "info", message: "forgotten", fields: [:])))
    #expect(try await store.audit(about: "7700", limit: 9).map(\.action) == ["store.forget"])
    for name in try folder.names() where name.hasPrefix("store.db") {
      let found = Data(try folder.bytes(name)).range(of: Data("13800138000".utf8))
      #expect(found == nil, "\(name)")
    }
    let again = try await store.forget("7700", where: Phones(), .ann(9))
    #expect(again == .forgotten(records: 0), "\(again)")
    #expect(try await store.check().filter { $0.rule != "versions" }.isEmpty)
  }

  @Test func aRunThatStillNeedsItIsNamed() async throws {
    try await live("done", Self.mine, as: .succeeded)
    try await live("waits", Self.mine, as: .waiting(.approval))
    let before = try await store.history(of: "done")
    #expect(try await store.forget("7700", where: Phones(), .ann(9)) == .isUnfinished(["waits"]))
    #expect(try await store.history(of: "done") == before)
    #expect(try await store.audit(about: "7700", limit: 9).isEmpty)
    #expect(try await store.forget("770", where: Phones(), .ann(9)) == .forgotten(records: 0))
  }

  @Test func eventsAndWhatPlaybooksRememberAreLookedInto() async throws {
    func event(_ key: String, _ body: JSON) -> EventRecord {
      EventRecord(
        key: key, profile: "shop", kind: "k", messageType: "9", platform: 0, digest: "d \(key)", received: 5,
        envelope: ["messageType": "9", "messageBody": body])
    }
    let scope = StateScope(playbook: "p", profile: "shop")
    _ = try await store.receive(event("mine", Self.mine))
    _ = try await store.receive(event("theirs", Self.others))
    let values: [(String, JSON)] = [
      ("both", [Self.mine, Self.others]), ("refund/7700", ["who": ["phone": "13800138000"]]), ("77001", Self.others),
    ]
    for (name, value) in values { #expect(try await store.set(StateKey(name, of: scope), to: value, .ann(1))) }
    #expect(try await store.set(StateKey("13900139000", in: "waybill", of: scope), to: "7700", .ann(1)))
    #expect(try await store.forget("7700", where: Phones(), .ann(9)) == .forgotten(records: 3))
    let erased: JSON = ["id": "7700", "who": ["phone": "forgotten"], "state": "open"]
    let events = try await store.events(EventFilter())
    #expect(events.map(\.envelope["messageBody"]) == [Self.others, erased])
    #expect(events[0].digest == "d theirs" && events[1].digest.utf8.count == 64 && events[1].key == "mine")
    #expect(
      try await store.state(StateFilter()).map(\.value) == [
        Self.others, [erased, Self.others], ["who": ["phone": "forgotten"]], "7700",
      ])
    #expect(try !isAnywhere("13800138000"))
    #expect(try await store.forget("7700", where: Phones(), .ann(9)) == .forgotten(records: 0))
    #expect(try await store.check() == [])
  }

  static let lists: [(JSON, JSON)] = [
    (["rows": [mine, others]], ["rows": [["id": "7700", "who": ["phone": "forgotten"], "state": "open"], others]]),
    (
      ["id": 7700, "phone": 5, "rows": [["phone": "1"]]], ["id": 7700, "phone": nil, "rows": [["phone": "forgotten"]]]
    ),
    (
      [["id": "7700", "list": [["phone": "1"], ["phone": "2"]]], ["phone": "3"]],
      [["id": "7700", "list": [["phone": "forgotten"], ["phone": "forgotten"]]], ["phone": "3"]]
    ),
  ]

  @Test(arguments: [["id": "77001", "phone": "5"], others, ["id": "7700", "phone": nil], "7700"] as [JSON])
  func whatDoesNotSpeakOfItStays(_ value: JSON) {
    let erased = Eraser(subject: "7700").erased(value, personal: Phones().personal(inWork: value))
    #expect(erased == Optional<JSON>.none)
  }

  @Test(arguments: lists)
  func ofAListOnlyTheElementsThatSpeakOfIt(_ value: JSON, _ expected: JSON) {
    let erased = Eraser(subject: "7700").erased(value, personal: Phones().personal(inWork: value))
    #expect(erased == expected)
  }
}
