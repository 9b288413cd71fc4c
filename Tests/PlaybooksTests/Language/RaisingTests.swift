import Catalogue
import JSON
import Journal
import Lua
import Testing

@testable import Playbooks

/// `ebb.events`: what a playbook raises itself.
@Suite struct RaisingTests {
  private static let head = "local events = require 'ebb.events'\n"
  private static let kind = "taobao.events.refundChanged"
  private static let body = "{ refundId = '7', refundStatus = '20' }"

  private static func stage(_ run: RunID, _ journal: any Journal, event: JSON? = nil) -> Stage {
    var stage = Stage()
    (stage.id, stage.journal, stage.event) = (run, journal, event)
    return stage
  }

  /// A callback as the service stores it.
  static func callback(
    _ status: String, of refund: String = "7", key: String, at received: Milliseconds, sent: Milliseconds? = nil
  ) -> EventRecord {
    var event = EventRecord(
      key: key, profile: "shop", kind: kind, messageType: "9", platform: 0, digest: key, received: received,
      envelope: ["messageBody": ["refundId": .string(refund), "refundStatus": .string(status)]])
    (event.subject, event.says, event.sent) = (refund, status, sent)
    return event
  }

  @Test func anEventIsStoredLikeACallback() async throws {
    let journal = MemoryJournal()
    let result = try await Self.stage("run-1", journal).result(
      Self.head
        + "local outcome, key = events.raise('\(Self.kind)', \(Self.body), { key = 'k' }) return { outcome, key }")
    let event = try #require(await journal.undispatched(limit: 9).first)
    #expect(result == ["raised", .string(event.key)])
    #expect(event.kind == Self.kind && event.profile == "shop" && event.subject == "7" && event.says == "20")
    #expect(event.raisedBy == "run-1" && event.platform == 0 && event.messageType == nil && event.sent == nil)
    #expect(event.received == Stage.start && event.key.utf8.count == 64)
    #expect(event.envelope["messageBody"] == ["refundId": "7", "refundStatus": "20"])
    #expect(event.envelope["raisedBy"] == "run-1" && event.envelope["playbook"] == "test")
    let step = try #require(try await journal.steps(of: "run-1").first)
    #expect(
      step.name == "events.raise" && step.result == .returned([#""raised""#.utf8Bytes, JSON.string(event.key).bytes()]))
  }

  @Test func theSameKeyIsOneEventAndWithoutOneEachCallIs() async throws {
    let journal = MemoryJournal()
    let source =
      Self.head + """
        local function raise(key) return (events.raise("\(Self.kind)", \(Self.body), { key = key })) end
        return { raise("k"), raise("k"), raise("l"), raise(), raise() }
        """
    #expect(try await Self.stage("run-1", journal).result(source) == ["raised", "known", "raised", "raised", "raised"])
    #expect(try await Self.stage("run-2", journal).result(source) == ["known", "known", "known", "raised", "raised"])
    var other = Self.stage("run-3", journal)
    other.profile = "other"
    #expect(try await other.result(source) == ["raised", "known", "raised", "raised", "raised"])
    #expect(await journal.events(EventFilter()).count == 10)
  }

  @Test func whatWasToldSinceIsNotRaised() async throws {
    let journal = MemoryJournal()
    _ = await journal.receive(Self.callback("20", key: "c", at: Stage.start - 10))
    let source =
      Self.head + """
        local function raise(status, since)
          return (events.raise("\(Self.kind)", { refundId = 7, refundStatus = status }, { since = since }))
        end
        return { raise("20", now() - 10), raise("20", "2026-10-31T00:00:00Z"), raise("30", now() - 10),
          raise("20", now() - 9), raise("20", now() - 9) }
        """
    #expect(try await Self.stage("run-1", journal).result(source) == ["told", "told", "raised", "raised", "raised"])
  }

  @Test(
    arguments: [
      (
        "events.raise('taobao.events.refundchanged', {})", "there is no event taobao.events.refundchanged; did you mean"
      ),
      ("events.raise('taobao.refunds.get', {})", "events.raise: there is no event taobao.refunds.get"),
      ("events.raise(nil, {})", "events.raise: the kind must be a text"),
      ("events.raise('taobao.events.refundChanged', 'x')", "events.raise: the body must be a table of fields"),
      ("events.raise('taobao.events.refundChanged', { id = '7' })", "the body must name what it is about: refundId"),
      (
        "events.raise('taobao.events.orderStatusChanged', { status = 'x' })",
        "the body must name what it is about: purchaseId or orderId"
      ),
      ("events.raise('taobao.events.refundChanged', { refundId = 1 }, { keys = 'k' })", "keys is not known"),
      ("events.raise('taobao.events.refundChanged', { refundId = 1 }, { since = 'soon' })", "since must be an instant"),
      (
        "events.raise('taobao.events.refundChanged', { refundId = 1 }, { key = {} })", "the key must be a text or an id"
      ),
    ])
  func mistakesAreRaisedAtTheirLine(_ statement: String, _ message: String) async throws {
    let journal = MemoryJournal()
    let failure = try await Self.stage("run-1", journal).failure(Self.head + "\n" + statement)
    #expect(failure.position?.line == 3 && failure.code == .invalid)
    #expect(failure.message.contains(message), "\(failure.message)")
    #expect(await journal.events(EventFilter()).isEmpty)
  }

  /// What a run that was started by an event sees of it.
  private static func event(_ kind: String, lineage: [String] = []) -> JSON {
    ["kind": .string(kind), "body": [:], "envelope": ["lineage": .array(lineage.map(JSON.string))]]
  }

  @Test func aRunDoesNotRaiseWhatStartedIt() async throws {
    let source = head("taobao.events.refundChanged")
    func code(_ event: JSON?) async throws -> JSON? {
      try await Self.stage("run-1", MemoryJournal(), event: event).result(source)
    }
    #expect(try await code(nil) == "raised")
    #expect(try await code(Self.event("taobao.events.orderStatusChanged")) == "raised")
    #expect(try await code(Self.event("taobao.events.refundChanged")) == "guard")
    // Nor through another: refundChanged started a run that raised orderStatusChanged, which started this one.
    let through = Self.event("taobao.events.orderStatusChanged", lineage: ["taobao.events.refundChanged"])
    #expect(try await code(through) == "guard")
  }

  private func head(_ kind: String) -> String {
    Self.head + """
      local ok, outcome = pcall(events.raise, "\(kind)", { refundId = "7" })
      return ok and outcome or outcome.code
      """
  }

  @Test func anEventSaysWhichEventsLedToIt() async throws {
    let journal = MemoryJournal()
    let event = Self.event("taobao.events.orderStatusChanged", lineage: ["alibaba.events.refundChanged"])
    _ = try await Self.stage("run-1", journal, event: event).play(head("taobao.events.refundChanged"))
    let lineage = await journal.events(EventFilter()).first?.envelope["lineage"]
    #expect(lineage == ["alibaba.events.refundChanged", "taobao.events.orderStatusChanged"])
  }

  @Test(arguments: 0..<5)
  func itIsRaisedOnceWhereverTheProcessDies(_ commits: Int) async throws {
    let source =
      Self.head + """
        local outcomes = {}
        for index = 1, 3 do outcomes[index] = events.raise("\(Self.kind)", { refundId = index }) end
        return outcomes
        """
    let kept = MemoryJournal()
    let stage = Self.stage("run-1", kept)
    if let _ = try await ResumeTests.playUntilCut(source, on: stage, after: commits, kept: kept) {
      let report = try #require(try await RunAdvance.resume("run-1", in: stage.surroundings).report)
      #expect(report.result == ["raised", "raised", "raised"])
    } else {
      #expect(commits > 3)
    }
    #expect(await kept.events(EventFilter()).map(\.subject) == ["3", "2", "1"])
  }

  @Test func aPlanRaisesNothing() async throws {
    let journal = MemoryJournal()
    _ = await journal.receive(Self.callback("20", key: "c", at: Stage.start - 10))
    _ = try await Self.stage("run-1", journal).result(
      Self.head + "return (events.raise('\(Self.kind)', { refundId = '8' }, { key = 'k' }))")
    // Of these the one that came first was sent last.
    for (status, age) in [("30", 3), ("20", 8)] as [(String, Int64)] {
      _ = await journal.receive(
        Self.callback(status, of: "6", key: status, at: Stage.start - 2, sent: Stage.start - age))
    }
    let before = await journal.events(EventFilter())
    let (report, _) = try await Self.stage("plan", journal).plan(
      Self.head + """
        local function raise(id, status, options)
          return (events.raise("\(Self.kind)", { refundId = id, refundStatus = status }, options))
        end
        return {
          raise("8", nil, { key = "k" }), raise("7", "20", { since = now() - 20 }), raise("7", "30", { since = now() - 20 }),
          raise("7", "30", { since = now() - 20 }), raise("9", "10", { key = "n" }), raise("9", "10", { key = "n" }),
          raise("6", "30", { since = now() - 20 }),
        }
        """, over: journal)
    #expect(report.failure == nil)
    #expect(report.result == ["known", "told", "raised", "raised", "raised", "known", "told"])
    #expect(await journal.events(EventFilter()) == before)
  }

  @Test func everyEventOfTheCatalogueSaysWhatItIsAbout() throws {
    let events = catalogue.operations.filter { $0.effect == .event }
    #expect(events.count == 6)
    for event in events {
      let about = try #require(try event.about(), "\(event.id)")
      let example = event.definition[pointer: "/requestBody/content/application~1json/example/messageBody"]
      #expect(about.subject(of: try #require(example)) != nil, "\(event.id)")
    }
  }
}

extension String {
  fileprivate var utf8Bytes: [UInt8] { Array(utf8) }
}
