import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing
import Workbench

@testable import Marketplace
@testable import Playbooks

/// No sequence of writes, lost answers, refusals, repetitions, crashes and people's decisions passes a budget (G9).
@Suite struct BudgetPropertyTests {
  @Test(arguments: 0..<50 as Range<UInt64>)
  func noSequenceExceedsTheBudgetByOneFen(_ seed: UInt64) async throws {
    var draws = SeededGenerator(seed: seed, subject: "budget")
    let fees = Dictionary(uniqueKeysWithValues: (1...10).map { ("\($0)", draws.draw(1...400) as Int64) })
    let cap: Int64 = draws.draw(300...1500)
    let most = Int(draws.draw(3...12))
    let shop = UnreliableShop(fees, seed: seed)
    let kept = MemoryJournal()
    var stage = Stage()
    stage.journal = kept
    let source = """
      playbook { guards = { max_amount = { run = "\(cap) fen" }, max_writes = { run = \(most) } } }
      local ids = {}
      for round = 1, 2 do
        for id = 1, 10 do ids[#ids + 1] = tostring(id) end
      end
      each(ids, { concurrency = \(draws.draw(1...4)) }, function(id)
        if tonumber(id) % 3 == 0 then
          pcall(taobao.refunds.cancel, id)
        else
          act(id, "stale", taobao.refunds.cancel, id)
        end
      end)
      """
    let assignment = try await stage.assignment(source)
    var isStarted = false
    var report: RunReport?
    for _ in 0..<60 {
      // The process lives for a while, or to the end.
      let journal = CuttableJournal(kept, commits: draws.draw(0...2) == 0 ? .max : Int(draws.draw(1...12)))
      let surroundings = RunSurroundings(
        catalogue: catalogue, reader: shop, writer: shop, journal: journal, clock: stage.clock)
      do {
        var advance: Advance
        if isStarted {
          advance = try await RunAdvance.resume(stage.id, in: surroundings)
        } else {
          isStarted = true
          advance = try await RunAdvance.start(assignment, in: surroundings)
        }
        advance = try await RunAdvance.stay(with: advance, in: surroundings)
        report = advance.report
      } catch is JournalError {
        try await journal.bury()
        stage.clock.advance(by: draws.draw(0...20_000))
      }
      try await check(kept, stage.id, shop, cap: cap, most: most)
      guard let status = report?.status else { continue }
      if status.isFinal || status == .waiting(.budget) { break }
      try await decide(kept, stage, shop)
      report = nil
    }
    let status = try #require(await kept.run(stage.id)?.status)
    #expect(status.isFinal || status == .waiting(.budget), "\(status)")
    #expect(shop.cancelled.values.allSatisfy { $0 == 1 }, "nothing is cancelled twice")
  }

  /// What took effect, and what may have, fits under both caps at every moment.
  private func check(
    _ journal: MemoryJournal, _ run: RunID, _ shop: UnreliableShop, cap: Int64, most: Int
  ) async throws {
    let effects = await journal.history(of: run)?.effects ?? []
    let counted = effects.filter { $0.state.isLive || $0.state == .confirmed }
    #expect(counted.compactMap(\.charge?.minorUnits).reduce(0, +) <= cap)
    #expect(counted.count <= most)
    #expect(shop.spent <= cap && shop.cancelled.count <= most)
    for id in shop.cancelled.keys {
      #expect(counted.contains { $0.claims.contains { $0.id == id } }, "\(id) took effect and is not counted")
    }
  }

  /// A person looks at what only a person can settle, and says the truth.
  private func decide(_ journal: MemoryJournal, _ stage: Stage, _ shop: UnreliableShop) async throws {
    for effect in await journal.history(of: stage.id)?.effects ?? [] where effect.state == .unknown {
      guard let id = effect.claims.first?.id, shop.isOdd(id) else { continue }
      let state: EffectState = shop.cancelled[id] == nil ? .notDone : .confirmed
      _ = try await journal.settle(
        stage.id, effect.path, as: state, Signature(by: "wang", why: "looked", at: stage.clock.now()))
    }
  }
}

/// Reverse orders behind a marketplace that loses answers, refuses, shows odd states, and is away at times.
private final class UnreliableShop: Reader, Writer {
  private struct State {
    var cancelled: [String: Int] = [:]
    var odd: Set<String> = []
    var turn = 0
  }
  private let fees: [String: Int64]
  private let seed: UInt64
  private let state = Mutex(State())

  init(_ fees: [String: Int64], seed: UInt64) {
    self.fees = fees
    self.seed = seed
  }

  /// How often each was cancelled.
  var cancelled: [String: Int] { state.withLock(\.cancelled) }
  /// What was given up in all, in fen.
  var spent: Int64 { cancelled.keys.compactMap { fees[$0] }.reduce(0, +) }
  /// Whether reading back says neither yes nor no.
  func isOdd(_ id: String) -> Bool { state.withLock { $0.odd.contains(id) } }

  private func draw(_ state: inout State) -> Int64 {
    state.turn += 1
    var draws = SeededGenerator(seed: seed, subject: "shop", turn: state.turn)
    return draws.draw(0...99)
  }

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    let id = arguments.script.refundID
    return state.withLock { state in
      if draw(&state) < 10 { return .unsent }
      let status: JSON = state.odd.contains(id) ? "30" : state.cancelled[id] == nil ? "10" : "-20"
      return .answer(.refund(id, status: status, fee: fees[id] ?? 0))
    }
  }

  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    let id = arguments.script.refundID
    return state.withLock { state in
      let chance = draw(&state)
      if state.cancelled[id] != nil || chance < 10 { return .answer(["cancelSuccess": false]) }
      if chance < 20 { return .unsent }
      if chance < 35 { return .doubt }
      state.cancelled[id, default: 0] += 1
      if chance < 50 { return .doubt }
      if chance < 58 {
        state.odd.insert(id)
        return .doubt
      }
      return .answer(["cancelSuccess": true, "refundOrderAggregate": .row(id, status: "-20", fee: fees[id] ?? 0)])
    }
  }
}
