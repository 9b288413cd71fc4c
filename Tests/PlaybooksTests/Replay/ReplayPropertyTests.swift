import Catalogue
import JSON
import Journal
import PandaPon
import Testing
import Workbench

@testable import Playbooks

/// Random programs, random crashes, random orders of answers. A failing seed is replayed by naming it alone.
@Suite(.timeLimit(.minutes(5))) struct ReplayPropertyTests {
  /// Plays a program whose process dies again and again, and goes on until it has come to its end.
  private static func playThroughCrashes(
    _ source: String, in world: RandomWorld, seed: UInt64
  ) async throws -> (history: RunHistory, version: PlaybookVersion, crashes: Int) {
    var random = Seeded(state: seed)
    let kept = MemoryJournal()
    var stage = Stage(api: world.api)
    stage.journal = kept
    var crashes = 0
    var isStarted = false
    while true {
      let cut = CuttableJournal(kept, commits: crashes < 3 ? Int.random(in: 0...12, using: &random) : .max)
      stage.journal = cut
      do {
        let advance =
          isStarted
          ? try await RunAdvance.resume(stage.id, in: stage.surroundings)
          : try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
        _ = try await RunAdvance.stay(with: advance, in: stage.surroundings)
        break
      } catch is JournalError {
        crashes += 1
        isStarted = true
        try await cut.bury()
      }
    }
    let history = try #require(await kept.history(of: stage.id))
    return (history, try #require(await kept.version(history.record.version)), crashes)
  }

  @Test(arguments: 0..<120 as Range<UInt64>)
  func programsWithoutSharedVariablesComeToTheSameJournalInAnyOrder(_ seed: UInt64) async throws {
    let source = RandomPlaybook.source(seed: seed, traits: .init(isShared: false))
    let calm = RandomWorld(seed: seed)
    let stage = Stage(api: calm.api)
    _ = try await stage.play(source)
    let expected = CanonicalJournal(try #require(try await stage.journal.history(of: stage.id)), isOrdered: false)
    #expect(expected.status != "waiting" && expected.status != "diverged")

    let world = RandomWorld(seed: seed &+ 1000)
    let (history, version, _) = try await Self.playThroughCrashes(source, in: world, seed: seed)
    let found = CanonicalJournal(history, isOrdered: false)
    #expect(found == expected, "seed \(seed):\n\(source)")
    #expect(world.cancels == calm.cancels && world.cancels.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue)
    #expect(replay.outcome == .identical, "seed \(seed):\n\(source)")
  }

  @Test(arguments: 0..<120 as Range<UInt64>)
  func anyProgramGoesOnAfterCrashesAsIfThereHadBeenNone(_ seed: UInt64) async throws {
    let source = RandomPlaybook.source(seed: seed, traits: .init(isShared: true))
    let world = RandomWorld(seed: seed)
    let (history, version, _) = try await Self.playThroughCrashes(source, in: world, seed: seed)
    #expect(world.cancels.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue)
    #expect(replay.outcome == .identical, "seed \(seed):\n\(source)")

    // Undisturbed, with the same answers in the same order.
    let gate = OrderGate(history.steps)
    var stage = Stage(api: RandomWorld(seed: seed, gate: gate).api)
    stage.journal = GatedJournal(gate)
    _ = try await stage.play(source)
    let undisturbed = try #require(try await stage.journal.history(of: stage.id))
    #expect(
      CanonicalJournal(undisturbed, isOrdered: true) == CanonicalJournal(history, isOrdered: true),
      "seed \(seed):\n\(source)")
  }

  @Test func theProgramsAreWorthwhile() async throws {
    var (branches, writes, waits, crashes, steps) = (0, 0, 0, 0, 0)
    for seed in 0..<20 as Range<UInt64> {
      let source = RandomPlaybook.source(seed: seed, traits: .init(isShared: seed.isMultiple(of: 2)))
      let (history, _, crashed) = try await Self.playThroughCrashes(
        source, in: RandomWorld(seed: seed), seed: seed)
      crashes += crashed
      steps += history.steps.count
      branches += history.steps.count { $0.path.ordinals.count > 2 }
      writes += history.effects.count
      waits += history.steps.count { $0.name == "wait_until" }
    }
    #expect(branches > 100 && writes > 20 && waits > 10 && crashes > 30 && steps > 300)
  }
}
