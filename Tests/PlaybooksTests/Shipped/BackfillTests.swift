import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

/// The shipped backfill's rules, one by one.
@Suite struct BackfillTests {
  private static let hour: Int64 = 3_600_000

  /// Taobao orders and refunds that a test changes, listed newest first; 1688 has none.
  private final class Desk: Sendable {
    struct Order: Sendable {
      var id: String
      var status = "WAIT_SELLER_SEND_GOODS"
      var created: Int64
      var modified: Int64
      var amount: Int64 = 100
    }
    struct Refund: Sendable {
      var status = "10"
      var deadline = Stage.start + 48 * hour
    }
    let orders = Mutex<[Order]>([])
    let refunds = Mutex<[String: Refund]>([:])
    /// What the list shows of a refund instead of the truth.
    let stale = Mutex<[String: Refund]>([:])
    let broken = Mutex<Set<String>>([])
    let isOldestFirst = Mutex(false)

    var api: ScriptedAPI { ScriptedAPI(read: { self.answer($0) }) }

    private func answer(_ call: Call) -> Outcome {
      if broken.withLock({ $0.contains(call.operation) }) { return .unsent }
      let arguments = call.arguments
      switch call.operation {
      case "taobao.orders.list": return .answer(page(orderRows(arguments), arguments))
      case "taobao.orders.get":
        let id = arguments["orderId"]?.scalarText
        let found = orders.withLock { $0.first { $0.id == id } }
        return found.map { .answer(Self.row($0)) } ?? .rejected(Failure(.notFound, "no order", label: "not_found"))
      case "taobao.refunds.list": return .answer(page(refundRows(arguments), arguments))
      case "taobao.refunds.get":
        guard let refund = refunds.withLock({ $0[arguments.refundID] }) else {
          return .rejected(Failure(.notFound, "no refund", label: "not_found"))
        }
        return .answer(.refund(arguments.refundID, status: .string(refund.status), timeout: refund.deadline))
      default: return .answer(["data": [], "totalRecords": 0])
      }
    }

    private func orderRows(_ arguments: JSON) -> [JSON] {
      let start = arguments["startTime"]?.integer ?? 0
      let rows = orders.withLock { orders in
        orders.filter { $0.created >= start }.sorted { $0.created > $1.created }.map(Self.row)
      }
      return isOldestFirst.withLock(\.self) ? rows.reversed() : rows
    }

    private func refundRows(_ arguments: JSON) -> [JSON] {
      let status = arguments["refundStatus"]?.scalarText
      let shown = refunds.withLock(\.self).merging(stale.withLock(\.self)) { _, stale in stale }
      return shown.sorted { $0.key < $1.key }.filter { status == nil || $0.value.status == status }.map {
        .row($0.key, status: .string($0.value.status), timeout: $0.value.deadline)
      }
    }

    private func page(_ rows: [JSON], _ arguments: JSON) -> JSON {
      let size = Int(arguments["pageSize"]?.integer ?? 100)
      let start = min(rows.count, (Int(arguments["pageNo"]?.integer ?? 1) - 1) * size)
      return [
        "data": .array(Array(rows[start..<min(rows.count, start + size)])), "totalRecords": .integer(Int64(rows.count)),
        "results_total": .integer(Int64(rows.count)),
      ]
    }

    private static func row(_ order: Order) -> JSON {
      [
        "orderId": .string(order.id), "purchaseId": .string(order.id), "status": .string(order.status),
        "purchaseAmount": .integer(order.amount), "createdTime": .integer(order.created),
        "modifyTime": .integer(order.modified),
      ]
    }
  }

  private let desk = Desk()
  private let journal = MemoryJournal()
  private let clock = VirtualClock(Stage.start)

  private func play(_ number: Int, _ parameters: JSONObject = [:]) async throws -> (RunReport, ScriptedAPI) {
    let source = try #require(EmbeddedFile.bytes("scripts/backfill_missed_messages.lua"))
    var stage = Stage(api: desk.api)
    stage.file = "scripts/backfill_missed_messages.lua"
    (stage.id, stage.clock, stage.journal, stage.parameters) = (RunID("run-\(number)"), clock, journal, parameters)
    let report = try await stage.play(String(decoding: source, as: UTF8.self))
    #expect(report.failure == nil, "\(String(describing: report.failure))")
    return (report, stage.api)
  }

  private func said() async -> [String] {
    await journal.events(EventFilter()).reversed().map { "\($0.kind ?? "") \($0.subject ?? "") \($0.says ?? "")" }
  }

  @Test func theHeaderIsRead() async throws {
    let source = try #require(EmbeddedFile.bytes("scripts/backfill_missed_messages.lua"))
    let version = try PlaybookVersion(
      of: source, file: "scripts/backfill_missed_messages.lua", folder: nil, catalogue: catalogue)
    let header = try #require(try await HeaderReader(catalogue: catalogue).header(of: version))
    #expect(header.name == "backfill_missed_messages" && header.guards.writes == [])
    #expect(header.events.isEmpty)
  }

  @Test func theFirstRunTakesStockAndTheNextRaisesWhatChanged() async throws {
    desk.refunds.withLock { $0 = ["1": .init(), "2": .init(status: "20"), "3": .init(status: "100")] }
    let (first, _) = try await play(1)
    #expect(first.status == .succeeded && first.decisions.isEmpty)
    #expect(await said().isEmpty)
    clock.advance(by: Self.hour / 2)
    let (second, _) = try await play(2)
    #expect(second.decisions.isEmpty && second.status == .succeeded)
    desk.refunds.withLock { refunds in
      refunds["1"]?.status = "20"
      refunds["4"] = .init()
      refunds["5"] = .init(status: "-20")
    }
    let (third, _) = try await play(3)
    #expect(
      await said() == [
        "taobao.events.refundChanged 4 10", "taobao.events.refundChanged 1 20", "taobao.events.refundChanged 5 -20",
      ])
    #expect(third.lines.sorted() == ["1", "4", "5"].map { "\($0) kept no callback told it: its event is raised" })
    #expect(third.reports.contains { $0["title"] == "Raised · 已补发" })
    let (fourth, _) = try await play(4)
    #expect(fourth.decisions.isEmpty)
    #expect(await said().count == 3)
  }

  @Test func whatACallbackToldIsNotRaised() async throws {
    desk.refunds.withLock { $0 = ["1": .init(), "2": .init()] }
    _ = try await play(1)
    clock.advance(by: Self.hour / 2)
    for refund in ["1", "2"] { desk.refunds.withLock { $0[refund]?.status = "20" } }
    _ = await journal.receive(RaisingTests.callback("20", of: "1", key: "c", at: clock.now() - 1000))
    let (report, _) = try await play(2)
    #expect(report.decision("1")?.reason == "a callback told it" && report.decision("1")?.detail == "10 → 20")
    #expect(report.decision("2")?.reason == "no callback told it: its event is raised")
    // The same state again, by way of another: a callback told the first time only.
    desk.refunds.withLock { $0["1"]?.deadline += 24 * Self.hour }
    let (third, _) = try await play(3)
    #expect(third.lines == ["1 kept no callback told it: its event is raised"])
  }

  @Test func aCallbackOnItsWayIsWaitedFor() async throws {
    desk.refunds.withLock { $0 = ["1": .init()] }
    _ = try await play(1)
    desk.refunds.withLock { $0["1"]?.status = "20" }
    let began = clock.now()
    let (report, _) = try await play(2, ["grace": "5m"])
    #expect(report.lines == ["1 kept no callback told it: its event is raised"])
    #expect(clock.now() == began + 300_000)
  }

  @Test func aListThatLagsRaisesNothing() async throws {
    desk.refunds.withLock { $0 = ["1": .init(status: "20")] }
    _ = try await play(1)
    desk.stale.withLock { $0 = ["1": .init(status: "10")] }
    let (report, api) = try await play(2)
    #expect(report.decisions.isEmpty && api.count("taobao.refunds.get") == 1)
    #expect(await said().isEmpty)
    // What ended between two runs is in no list of what is open.
    desk.stale.withLock { $0 = [:] }
    desk.refunds.withLock { $0["1"]?.status = "100" }
    _ = try await play(3)
    #expect(await said() == ["taobao.events.refundChanged 1 100"])
  }

  @Test func aDeadlineThatShiftsALittleIsNoChange() async throws {
    desk.refunds.withLock { $0 = ["1": .init()] }
    _ = try await play(1)
    desk.refunds.withLock { $0["1"]?.deadline += 20_000 }
    let (report, api) = try await play(2, ["list_kept": true])
    #expect(report.lines == ["1 kept known and unchanged"] && api.count("taobao.refunds.get") == 0)
  }

  /// So many orders of the last days, the latest first by their number.
  private func fill(_ count: Int) {
    desk.orders.withLock { orders in
      orders = (0..<count).map { index in
        let created = Stage.start - Int64(index + 1) * 600_000
        return .init(id: "\(1000 + index)", created: created, modified: created)
      }
    }
  }

  @Test func pagingStopsOnlyAtAPageThatIsKnownAndUnchanged() async throws {
    fill(450)
    let (_, first) = try await play(1)
    #expect(first.count("taobao.orders.list") == 5, "all is read at first")
    let (_, quiet) = try await play(2)
    // One list of what is new, and one page that is known and unchanged.
    #expect(quiet.count("taobao.orders.list") == 2)
    desk.orders.withLock { orders in
      for index in [50, 149] {
        orders[index].status = "WAIT_BUYER_CONFIRM_GOODS"
        orders[index].modified = Stage.start
      }
      orders[400].status = "TRADE_FINISHED"
      orders[400].modified = Stage.start
    }
    let (found, api) = try await play(3)
    #expect(found.decisions.map(\.subject).sorted() == ["1050", "1149"], "all of a page is known, one of it changed")
    #expect(api.arguments(of: "taobao.orders.list").map { $0["pageNo"]?.integer ?? 1 }.max() == 3)
    // Far down beyond a page without a change it is found by the look at everything.
    let (full, _) = try await play(4, ["full_every": "1ms"])
    #expect(full.decisions.map(\.subject) == ["1400"])
    #expect(await said().suffix(1) == ["taobao.events.orderStatusChanged 1400 TRADE_FINISHED"])
  }

  @Test func aListThatIsNotNewestFirstIsReadToItsEnd() async throws {
    fill(250)
    desk.isOldestFirst.withLock { $0 = true }
    _ = try await play(1)
    desk.orders.withLock { orders in
      (orders[20].status, orders[20].modified) = ("WAIT_BUYER_CONFIRM_GOODS", Stage.start)
    }
    let (report, api) = try await play(2)
    #expect(report.decisions.map(\.subject) == ["1020"] && api.count("taobao.orders.list") == 4)
  }

  @Test func ordersOfANewPriceAndOfNoNews() async throws {
    fill(3)
    desk.orders.withLock { $0[0].status = "WAIT_BUYER_PAY" }
    _ = try await play(1)
    desk.orders.withLock { orders in
      (orders[0].amount, orders[0].modified) = (90, Stage.start)
      orders[1].modified = Stage.start
      (orders[2].amount, orders[2].modified) = (90, Stage.start)
    }
    let (report, _) = try await play(2)
    #expect(await said() == ["taobao.events.orderPriceChanged 1000 "])
    for id in ["1001", "1002"] { #expect(report.decision(id)?.reason == "changed in what no callback tells") }
    // Something older than that is dropped.
    desk.orders.withLock { $0[1].modified = Stage.start - 24 * Self.hour }
    let (older, _) = try await play(3)
    #expect(older.lines == ["1001 kept older than what is held"])
  }

  @Test func whatCannotBeReadIsLookedForAgain() async throws {
    fill(2)
    desk.refunds.withLock { $0 = ["1": .init()] }
    _ = try await play(1)
    desk.refunds.withLock { $0["1"]?.status = "20" }
    desk.orders.withLock { orders in
      (orders[1].status, orders[1].modified) = ("WAIT_BUYER_CONFIRM_GOODS", Stage.start)
    }
    desk.broken.withLock { $0 = ["taobao.refunds.list", "taobao.orders.get"] }
    let (failed, _) = try await play(2)
    #expect(failed.status == .failed)
    #expect(failed.decisions.map(\.subject).sorted() == ["1001", "taobao.refunds"] && failed.tally.count(.failed) == 2)
    #expect(await said().isEmpty)
    desk.broken.withLock { $0 = [] }
    let (report, _) = try await play(3)
    #expect(report.status == .succeeded && report.decisions.map(\.subject).sorted() == ["1", "1001"])
    #expect(await said().count == 2)
  }

  @Test func whatIsGoneIsForgotten() async throws {
    desk.refunds.withLock { $0 = ["1": .init(), "2": .init()] }
    _ = try await play(1)
    desk.refunds.withLock { $0["1"] = nil }
    let (report, _) = try await play(2)
    #expect(report.lines == ["1 kept it is no longer there"] && report.status == .succeeded)
    let (again, _) = try await play(3)
    #expect(again.decisions.isEmpty)
  }

  @Test func lookingFurtherThanBeforeIsNoNews() async throws {
    fill(3)
    _ = try await play(1, ["orders": false])
    let (report, _) = try await play(2)
    #expect(report.decisions.isEmpty)
    desk.orders.withLock { orders in
      (orders[0].status, orders[0].modified) = ("WAIT_BUYER_CONFIRM_GOODS", Stage.start)
    }
    let (next, _) = try await play(3)
    #expect(next.decisions.map(\.subject) == ["1000"])
    _ = try await play(4, ["markets": "1688"])
    await #expect(throws: ParameterProblem.self) { _ = try await play(5, ["markets": "ebay"]) }
  }

  @Test func aPlanShowsWhatWouldBeRaisedAndKeepsNothing() async throws {
    desk.refunds.withLock { $0 = ["1": .init()] }
    _ = try await play(1)
    desk.refunds.withLock { $0["1"]?.status = "20" }
    let before = await journal.state(StateFilter())
    var stage = Stage(api: desk.api)
    stage.file = "scripts/backfill_missed_messages.lua"
    (stage.id, stage.clock, stage.journal) = ("plan", clock, journal)
    let source = try #require(EmbeddedFile.bytes("scripts/backfill_missed_messages.lua"))
    let (report, plan) = try await stage.plan(String(decoding: source, as: UTF8.self), over: journal)
    #expect(report.lines == ["1 kept no callback told it: its event is raised"] && plan.effects.isEmpty)
    #expect(await journal.state(StateFilter()) == before)
    #expect(await said().isEmpty)
  }
}
