import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Marketplace
@testable import Playbooks

/// No run fails because a secret was reset: it waits until there is another.
@Suite struct CredentialTests {
  /// Refuses all that is asked while it is locked.
  private final class Lock: Sendable {
    private let state = Mutex(false)
    var isLocked: Bool {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
    var refusal: Outcome? {
      isLocked ? .notSent(Failure(.unauthorized, "sign error", label: "unauthorized")) : nil
    }
  }

  private static func stage(_ lock: Lock, _ refunds: Refunds) -> Stage {
    Stage(
      api: ScriptedAPI(
        read: { call in
          if let refusal = lock.refusal { return refusal }
          return await refunds.api.read(call)
        },
        write: { call in
          if let refusal = lock.refusal { return refusal }
          return await refunds.api.write(call)
        }))
  }

  @Test func aReadThatIsRefusedWaitsAndIsMadeAnew() async throws {
    let lock = Lock()
    let stage = Self.stage(lock, Refunds(["1": 100]))
    lock.isLocked = true
    let source = "local r = taobao.refunds.get('1') return r.refundOrderAggregate.refundOrder.refundFee"
    let first = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    #expect(first.report?.status == .waiting(.credentials) && first.report?.wake == nil)
    #expect(first.report?.failure == nil)
    #expect(try await stage.journal.steps(of: stage.id).isEmpty, "what is put off is not recorded")
    // Resumed too early, it waits on.
    let second = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    #expect(second.report?.status == .waiting(.credentials))
    lock.isLocked = false
    let last = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    #expect(last.report?.status == .succeeded && last.report?.result == 100)
  }

  @Test(
    arguments: [
      "taobao.refunds.cancel('1') return 'through'",
      "act('1', 'stale', taobao.refunds.cancel, '1') return 'through'",
    ], [true, false])
  func aWriteThatIsRefusedIsSentOnceThereAreOthers(_ source: String, beforeTheRead: Bool) async throws {
    let lock = Lock()
    let refunds = Refunds(["1": 100])
    let plain = Self.stage(lock, refunds)
    var stage = plain
    // Locked from the start, or from the read before the write on.
    if beforeTheRead {
      lock.isLocked = true
    } else {
      stage.api = ScriptedAPI(
        read: { call in
          let answer = await plain.api.read(call)
          lock.isLocked = true
          return answer
        }, write: { await plain.api.write($0) })
    }
    let first = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    #expect(first.report?.status == .waiting(.credentials) && first.report?.wake == nil)
    #expect(try await stage.journal.effects(of: stage.id).allSatisfy { $0.state == .notDone })
    #expect(refunds.status("1") == "10")
    lock.isLocked = false
    stage.api = plain.api
    let last = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    #expect(last.report?.status == .succeeded && last.report?.result == "through")
    #expect(refunds.status("1") == "-20")
    #expect(try await stage.journal.effects(of: stage.id).map(\.state) == [.confirmed])
  }

  // MARK: The shipped playbook while the secret is reset

  /// Resets the secret at the marketplace before those requests; noted before as pending, or found out afterwards.
  private static func shop(resettingBefore numbers: Set<Int>, isNoted: Bool) throws -> SimulatedShop {
    var options = SimulatorOptions()
    options.clock = .fixed(Stage.start)
    options.scenario = .demo
    return try SimulatedShop(options) { shop, number in
      guard numbers.contains(number) else { return }
      let secret = "simulated-secret-reset-before-\(number)"
      if isNoted, let next = try? SimulatedShop.credentials(secret, of: shop.marketplace.account) {
        shop.source.stage(next)
      }
      await shop.marketplace.reset(secret: secret)
    }
  }

  @Test(arguments: [true, false]) func theShippedPlaybookLosesNothing(isNoted: Bool) async throws {
    let resets: Set = [3, 150, 301]
    let shop = try Self.shop(resettingBefore: resets, isNoted: isNoted)
    let clock = ShopClock(shop.marketplace)
    var stage = Stage()
    stage.file = "scripts/cancel_stale_refunds.lua"
    let source = try #require(EmbeddedFile.bytes("scripts/cancel_stale_refunds.lua"))
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: shop, writer: shop, journal: stage.journal, clock: clock)
    var advance = try await RunAdvance.start(
      try await stage.assignment(String(decoding: source, as: UTF8.self)), in: surroundings)
    var waits = 0
    while advance.report?.status == .waiting(.credentials), waits < 10 {
      waits += 1
      let reset = try #require(resets.filter { $0 <= shop.requests }.max())
      shop.source.replace(
        with: try SimulatedShop.credentials("simulated-secret-reset-before-\(reset)", of: shop.marketplace.account))
      advance = try await RunAdvance.resume(stage.id, in: surroundings)
    }
    let report = try #require(advance.report)
    #expect(waits == (isNoted ? 0 : 3))
    #expect(report.status == .succeeded && report.tally.count(.done) == 200, "\(String(describing: report.failure))")
    #expect(try await stage.journal.effects(of: stage.id).allSatisfy { $0.state == .confirmed })
    #expect(shop.effects.count == 200 && shop.effects.values.allSatisfy { $0 == 1 })
  }

  @Test func whatSleepsBesideIsNoReasonToSayThatTheRunSleeps() async throws {
    let lock = Lock()
    let stage = Self.stage(lock, Refunds(["1": 100]))
    lock.isLocked = true
    let source = "parallel { function() sleep('3h') end, function() taobao.refunds.get('1') end }"
    // Its time stands still: the sleep is not over before the read is answered.
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: stage.api, writer: stage.api, journal: stage.journal, clock: StuckClock())
    let first = try await RunAdvance.start(try await stage.assignment(source), in: surroundings)
    #expect(first.report?.status == .waiting(.credentials))
    #expect(first.report?.wake == Stage.start + 3 * 3_600_000)
  }
}
