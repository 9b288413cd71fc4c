import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing
import Workbench

@testable import Marketplace
@testable import Playbooks

/// Runs whose writes are in doubt: what the script sees, what the run waits for, and what it ends as.
@Suite struct SettlingRunTests {
  // MARK: Answers that are lost again and again

  @Test(arguments: ["reset-after", "reset-before"])
  func everyThirdCancelLosesItsAnswer(_ fault: String) async throws {
    var options = SimulatorOptions()
    options.clock = .fixed(Stage.start)
    options.scenario = .demo
    options.faults = try FaultPlan(parsing: "\(fault)@taobao.refunds.cancel:every-3")
    let shop = try SimulatedShop(options)
    let clock = ShopClock(shop.marketplace)
    var stage = Stage()
    stage.file = "scripts/cancel_stale_refunds.lua"
    let source = try #require(EmbeddedFile.bytes("scripts/cancel_stale_refunds.lua"))
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: shop, writer: shop, journal: stage.journal, clock: clock)
    let report = try await stage.play(
      try await stage.assignment(String(decoding: source, as: UTF8.self)), in: surroundings)

    #expect(report.status == .succeeded && report.tally.count(.done) == 200)
    #expect(report.writes.allSatisfy { $0.outcome == "confirmed" })
    #expect(try await stage.journal.effects(of: stage.id).allSatisfy { $0.state == .confirmed })
    #expect(shop.effects.count == 200 && shop.effects.values.allSatisfy { $0 == 1 })
    // No cancel is sent a second time without a read in between.
    var isRead: [String: Bool] = [:]
    for exchange in shop.exchanges {
      let id = exchange.arguments.refundID
      if exchange.operation == "taobao.refunds.get" { isRead[id] = true }
      guard exchange.operation == "taobao.refunds.cancel" else { continue }
      #expect(isRead[id] == true, "\(id)")
      isRead[id] = false
    }
  }

  // MARK: Long settlements

  /// An order whose cancellation is queued for that long.
  static func queued(for span: Milliseconds, faults: String = "") async throws -> InDoubtShop {
    let operation = try #require(catalogue["taobao.orders.cancel"])
    let shop = try await InDoubtShop(operation, faults: faults)
    await shop.shop.marketplace.withWorld { $0.windows.orderCancellation = span }
    return shop
  }

  @Test func anActIsDoneOnceItIsConfirmed() async throws {
    let shop = try await Self.queued(for: 14_000)
    let report = try await shop.start(isAct: true)
    #expect(report.status == .succeeded && report.result?.array?.first == true)
    #expect(report.decisions.map(\.kind) == [.done])
    #expect(shop.sent == 1 && shop.clock.now() == Stage.start + 16_000)
  }

  @Test func anActThatTakesLongGoesOnBesideTheScript() async throws {
    let shop = try await Self.queued(for: 300_000)
    let first = try await shop.start(isAct: true)
    #expect(first.result == [false, "in_doubt"], "the script does not wait for minutes")
    #expect(first.status == .waiting(.settlement) && first.decisions.map(\.kind) == [.waiting])
    #expect(first.wake.map { $0 > shop.clock.now() } == true && first.outcomes == ["\(shop.resource) accepted"])
    #expect(await shop.journal.run(shop.id)?.wake == first.wake)
    let last = try #require(try await RunAdvance.stay(with: .advanced(first), in: shop.surroundings()).report)
    #expect(last.status == .succeeded && last.result == first.result, "the script never sees it otherwise")
    #expect(last.lines == ["s done because"] && last.outcomes == ["\(shop.resource) confirmed"])
    #expect(last.tally.count(.done) == 1 && shop.sent == 1)
    #expect(await shop.journal.run(shop.id)?.status == .succeeded)
  }

  @Test func aCallThatTakesLongKeepsItsBranch() async throws {
    let shop = try await Self.queued(for: 300_000)
    let first = try await shop.start(isAct: false)
    #expect(first.status == .waiting(.settlement) && first.result == nil && first.wake != nil)
    #expect(await shop.journal.history(of: shop.id)?.steps.isEmpty == true)
    let last = try #require(try await RunAdvance.stay(with: .advanced(first), in: shop.surroundings()).report)
    #expect(last.status == .succeeded && last.result == [true] && shop.sent == 1)
  }

  @Test func whatIsNeverCarriedOutIsSentThreeTimesAndGivenUp() async throws {
    let shop = try await Self.queued(for: 90 * 24 * 3_600_000)
    let first = try await shop.start(isAct: true)
    let last = try #require(try await RunAdvance.stay(with: .advanced(first), in: shop.surroundings()).report)
    #expect(last.status == .failed && last.lines == ["s failed the marketplace cannot be reached"])
    #expect(shop.sent == 3 && last.outcomes == ["\(shop.resource) withdrawn"])
    #expect(await shop.effect?.attempt == 3)
  }

  @Test func aDeferredActIsSettledWhileTheScriptSleeps() async throws {
    let shop = try await Self.queued(for: 300_000)
    let source =
      shop.source(isAct: true).replacing("return { answer ~= nil, code }", with: "sleep('8h') return { code, now() }")
    let assignment = try await shop.stage().assignment(source)
    var report = try #require(try await RunAdvance.start(assignment, in: shop.surroundings()).report)
    while await shop.effect?.state != .confirmed {
      let wake = try #require(report.wake)
      #expect(wake < Stage.start + 3_600_000, "it is not left until the script has slept")
      try await shop.clock.sleep(until: wake)
      report = try #require(try await RunAdvance.resume(shop.id, in: shop.surroundings()).report)
    }
    #expect(report.status == .waiting(.time) && report.wake == Stage.start + 16_000 + 8 * 3_600_000)
    #expect(report.decisions.map(\.kind) == [.done] && report.result == nil)
    shop.clock.advance(to: try #require(report.wake))
    let last = try #require(try await RunAdvance.resume(shop.id, in: shop.surroundings()).report)
    #expect(last.status == .succeeded && last.result?.array?.first == "in_doubt")
  }

  // MARK: Nobody answers

  @Test(arguments: [true, false])
  func aMarketplaceThatIsAwayParksTheRun(_ isAct: Bool) async throws {
    let cancel = try #require(catalogue["taobao.refunds.cancel"])
    let shop = try await InDoubtShop(cancel, faults: "reset-after@OP:1")
    // The read before is answered, the reads back are not: for four minutes.
    let away = AwayReader(shop.shop, clock: shop.clock, from: 1, until: Stage.start + 240_000)
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: away, writer: shop.shop, journal: shop.journal, clock: shop.clock)
    let assignment = try await shop.stage().assignment(shop.source(isAct: isAct))
    let first = try #require(try await RunAdvance.start(assignment, in: surroundings).report)
    #expect(first.status == .waiting(.api) && first.wake != nil)
    #expect(await shop.effect?.state == .unknown)
    let last = try #require(try await RunAdvance.stay(with: .advanced(first), in: surroundings).report)
    #expect(last.status == .succeeded && shop.sent == 1 && shop.effected == 1)
    #expect(await shop.effect?.state == .confirmed && away.refused < 20)
  }

  // MARK: Ending runs

  @Test func aCancelledRunIsFinalOnlyOnceItsWritesAreSettled() async throws {
    // A status that is neither done nor not done: only time tells.
    let refunds = Refunds(["1": 1], leaves: "30", answering: { _ in .doubt })
    let stage = Stage(api: refunds.api)
    let journal = try #require(stage.journal as? MemoryJournal)
    let first = try await stage.play("act('1', 'stale', taobao.refunds.cancel, '1')")
    #expect(first.status == .waiting(.settlement) && first.wake == nil)
    let signature = Signature(by: "wang", why: "wrong list", at: stage.clock.now())
    #expect(try await journal.request(.cancel, of: stage.id, signature))
    let second = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(second.status == .waiting(.settlement), "it is not over while a write of it is in doubt")
    refunds.set("1", status: "-20")
    let third = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(third.status == .cancelled && stage.api.count("taobao.refunds.cancel") == 1)
    #expect(try await stage.journal.effects(of: stage.id).map(\.state) == [.confirmed])
  }

  @Test func aRunThatIsInterruptedLeavesWhatItSettlesToWhoeverResumesIt() async throws {
    let refunds = Refunds(["1": 1], answering: { _ in .doubt })
    let stage = Stage(api: refunds.api)
    let clock = StuckClock()
    let stuck = RunSurroundings(
      catalogue: catalogue, reader: stage.api, writer: stage.api, journal: stage.journal, clock: clock)
    let assignment = try await stage.assignment("return taobao.refunds.cancel('1').cancelSuccess")
    let task = Task { try await RunAdvance.start(assignment, in: stuck).report }
    await clock.isAsked()
    task.cancel()
    let report = try #require(try await task.value)
    #expect(report.status == .paused)
    #expect(try await stage.journal.effects(of: stage.id).map(\.state) == [.unknown])
    refunds.answersTruly()
    stage.clock.advance(by: 60_000)
    let resumed = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(resumed.status == .succeeded && resumed.result == true && refunds.status("1") == "-20")
    #expect(try await stage.journal.effects(of: stage.id).map(\.attempt) == [2])
  }

  /// - Parameter isAsleep: whether the other branch's sleep is recorded before the process dies, or is new to the next.
  @Test(arguments: [true, false]) func whatADeadProcessLeftIsSettledBeforeAnythingNew(isAsleep: Bool) async throws {
    let kept = MemoryJournal()
    let refunds = Refunds(["1": 1, "2": 1, "3": 1])
    let seen = Recorder<[EffectRecord]>()
    let api = refunds.api
    let isDead = Mutex(false)
    let (slept, sleeps) = AsyncStream<Void>.makeStream()
    var stage = Stage(
      api: ScriptedAPI(
        read: { call in
          switch (call.arguments.refundID, isDead.withLock(\.self)) {
          case ("2", true): seen.append(await kept.history(of: "run-1")?.effects ?? [])
          case ("2", false):
            // The process dies before this is answered, and after the sleep before it was recorded.
            sleeps.finish()
            await untilCancelled()
          case ("3", false) where isAsleep: for await _ in slept {}
          case ("1", true):
            // Whoever does not wait for the settlement has the time to begin.
            for _ in 0..<500 { await Task.yield() }
          default: break
          }
          return await api.read(call)
        }, write: { call in await api.write(call) }))
    let source = """
      local ids = { "1", "2" }
      each(ids, { concurrency = 2 }, function(id)
        if id == "1" then taobao.refunds.get("3") else sleep("1s") taobao.refunds.get("2") end
        act(id, "stale", taobao.refunds.cancel, id)
      end)
      """
    stage.journal = CuttableJournal(kept) { entry in
      if case .intent = entry.body { .unheard } else { nil }
    }
    await #expect(throws: JournalError.self) { _ = try await stage.play(source) }
    try await (stage.journal as? CuttableJournal)?.bury()
    isDead.withLock { $0 = true }
    stage.journal = kept
    let resumed = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    let report = try #require(try await RunAdvance.stay(with: resumed, in: stage.surroundings).report)
    #expect(report.status == .succeeded && report.lines.sorted() == ["1 done stale", "2 done stale"])
    // Once it is known that it did not take place, sending it again is as new as the rest.
    let first = try #require(seen.all.first?.first)
    #expect(!first.state.isLive || first.attempt == 2, "\(first)")
  }

  /// Two writes of two branches were on their way when the process died: nothing new begins before both are settled.
  @Test func twoWritesOfADeadProcessAreBothSettledBeforeAnythingNew() async throws {
    let kept = MemoryJournal()
    let refunds = Refunds(["1": 1, "2": 1, "9": 1])
    let seen = Recorder<[EffectRecord]>()
    let api = refunds.api
    let isDead = Mutex(false)
    let sent = Recorder<String>()
    let both = Meeting(of: 2)
    var stage = Stage(
      api: ScriptedAPI(
        read: { call in
          switch (call.arguments.refundID, isDead.withLock(\.self)) {
          // What the third branch asks is not answered before the process dies.
          case ("9", false): await untilCancelled()
          case ("9", true): seen.append(await kept.history(of: "run-1")?.effects ?? [])
          // Whoever waits for one of the two only has the time to begin.
          case ("2", true): for _ in 0..<500 { await Task.yield() }
          default: break
          }
          return await api.read(call)
        },
        write: { call in
          let outcome = await api.write(call)
          sent.append(call.arguments.refundID)
          await both.arrive()
          return outcome
        }))
    let source = """
      parallel {
        function() act("1", "stale", taobao.refunds.cancel, "1") end,
        function() act("2", "stale", taobao.refunds.cancel, "2") end,
        function() taobao.refunds.get("9") keep("9", "seen") end,
      }
      """
    let intents = Mutex(0)
    stage.journal = CuttableJournal(kept) { entry in
      guard case .intent = entry.body else { return nil }
      return intents.withLock { count in
        count += 1
        return count == 2 ? .acknowledged : nil
      }
    }
    await #expect(throws: JournalError.self) { _ = try await stage.play(source) }
    try await (stage.journal as? CuttableJournal)?.bury()
    #expect(await kept.history(of: "run-1")?.effects.count == 2)
    isDead.withLock { $0 = true }
    stage.journal = kept
    let resumed = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    let report = try #require(try await RunAdvance.stay(with: resumed, in: stage.surroundings).report)
    #expect(report.status == .succeeded)
    #expect(report.lines.sorted() == ["1 done stale", "2 done stale", "9 kept seen"])
    #expect(sent.all.sorted() == ["1", "2"], "neither is sent again")
    let effects = try #require(seen.all.first)
    #expect(effects.count == 2 && effects.allSatisfy { !$0.state.isLive }, "\(effects)")
  }

  // MARK: A restored store

  @Test(arguments: [true, false])
  func afterARestoreEveryWriteIsLookedForFirst(_ wasDone: Bool) async throws {
    let cancel = try #require(catalogue["taobao.refunds.cancel"])
    let shop = try await InDoubtShop(cancel)
    if wasDone {
      _ = await shop.shop.write(cancel, try cancel.arguments(from: shop.arguments))
      #expect(shop.effected == 1)
    }
    let restored = CuttableJournal(shop.journal, doubtSince: Stage.start - 60_000)
    let report = try await shop.start(isAct: true, journal: restored)
    #expect(report.status == .succeeded && report.lines == ["s done because"])
    #expect(shop.effected == 1 && shop.sent == 1)
    #expect(await shop.effect?.state == .confirmed)
    #expect(shop.clock.now() == Stage.start + (wasDone ? 0 : 10_000), "not done is believed only after a while")
  }
}

/// Where some tasks wait for each other.
private actor Meeting {
  private var missing: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(of count: Int) { missing = count }

  /// Returns once all have come.
  func arrive() async {
    missing -= 1
    guard missing > 0 else {
      for continuation in waiting { continuation.resume() }
      return waiting = []
    }
    await withCheckedContinuation { waiting.append($0) }
  }
}

/// Answers so many reads, then none until an instant.
final class AwayReader: Reader {
  private let reader: any Reader
  private let clock: any RunClock
  private let end: Milliseconds
  private let counts: Mutex<(left: Int, refused: Int)>

  init(_ reader: any Reader, clock: any RunClock, from first: Int, until end: Milliseconds) {
    self.reader = reader
    self.clock = clock
    self.end = end
    counts = Mutex((first, 0))
  }

  var refused: Int { counts.withLock(\.refused) }

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    let isAway = counts.withLock { counts in
      counts.left -= 1
      guard counts.left < 0, clock.now() < end else { return false }
      counts.refused += 1
      return true
    }
    return isAway ? .unsent : await reader.read(operation, arguments)
  }
}

/// A clock whose sleeps never end by themselves.
final class StuckClock: RunClock {
  private let asked = Mutex<(isAsked: Bool, waiter: CheckedContinuation<Void, Never>?)>((false, nil))

  func now() -> Milliseconds { Stage.start }

  func sleep(until instant: Milliseconds) async throws {
    asked.withLock { state in
      state.isAsked = true
      return state.waiter.take()
    }?.resume()
    await untilCancelled()
    throw CancellationError()
  }

  /// Returns once somebody sleeps.
  func isAsked() async {
    await withCheckedContinuation { continuation in
      let isLate = asked.withLock { state in
        if !state.isAsked { state.waiter = continuation }
        return state.isAsked
      }
      if isLate { continuation.resume() }
    }
  }
}
