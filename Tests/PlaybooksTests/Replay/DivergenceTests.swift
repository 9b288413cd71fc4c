import Catalogue
import JSON
import Journal
import Lua
import PandaPon
import Testing
import Workbench

@testable import Playbooks

@Suite struct DivergenceTests {
  private static let source = """
    local a = taobao.refunds.get("1")
    local b = taobao.refunds.get("2")
    parallel { function() taobao.refunds.get("3") end, function() taobao.refunds.get("4") end }
    sleep("1d")
    act("5", "why", taobao.refunds.cancel, "5")
    return 1
    """

  /// Plays a script until it sleeps or its process dies, and gives its run the text of another.
  private static func played(
    _ source: String, until commits: Int = .max, thenAs edited: String
  ) async throws -> (stage: Stage, journal: MemoryJournal) {
    let kept = MemoryJournal()
    var stage = Stage(api: Refunds(["1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "9": 9]).api)
    stage.journal = kept
    let cut = CuttableJournal(kept, commits: commits)
    stage.journal = cut
    do {
      _ = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
    } catch is JournalError {
      try await cut.bury()
    }
    stage.journal = kept
    let version = try await stage.assignment(edited).version
    await kept.keep(version)
    let lease = try #require(
      try await kept.acquire(
        stage.id, LeaseRequest(worker: "editor", instant: stage.clock.now(), length: 10), displacing: nil))
    _ = try await kept.commit(
      [Entry(.version(version.id), instant: 0), Entry(.release, instant: 0)], under: lease)
    stage.api = Refunds(["1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "9": 9]).api
    return (stage, kept)
  }

  @Test(
    arguments: [
      // Other arguments, another operation, a step that is gone, two that changed places, a script that ends early.
      (#"taobao.refunds.get("2")"#, #"taobao.refunds.get("9")"#, "2", 2, "taobao.refunds.get"),
      (#"taobao.refunds.get("2")"#, #"sleep(5)"#, "2", 2, "sleep"),
      (#"local a = taobao.refunds.get("1")"#, "", "1", 2, "taobao.refunds.get"),
      (#"function() taobao.refunds.get("3") end, "#, "", "3/1/1", 3, "taobao.refunds.get"),
      (#"sleep("1d")"#, #"do return 2 end sleep("1d")"#, nil, nil, nil),
    ] as [(String, String, String?, Int?, String?)])
  func anEditedScriptIsRefused(
    _ old: String, _ new: String, _ path: String?, _ line: Int?, _ asks: String?
  ) async throws {
    let (stage, journal) = try await Self.played(
      Self.source, thenAs: Self.source.replacing(old, with: new))
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    guard let path else {
      // All that was recorded is still asked for: the rest may be another.
      #expect(report.status == .succeeded && report.result == 2)
      return
    }
    #expect(report.status == .diverged && stage.api.calls.isEmpty, "nothing is sent")
    let divergence = try #require(report.divergence)
    #expect(divergence.path.description == path && divergence.asked?.name == asks)
    #expect(divergence.asked?.line == line.map { "scripts/test.lua:\($0)" })
    #expect(divergence.recorded?.line?.hasPrefix("scripts/test.lua:") == true)
    let record = try #require(await journal.run(stage.id))
    #expect(record.status == .diverged && record.failure?["recorded"]?["path"] == .string(path))
    #expect(report.json["error"]?["code"] == "diverged")
    #expect(await journal.history(of: stage.id)?.steps.count == 4)
  }

  @Test func aScriptThatEndsBeforeItsJournalIsRefused() async throws {
    let (stage, _) = try await Self.played(Self.source, thenAs: "return taobao.refunds.get('1')")
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(report.status == .diverged && report.divergence?.recorded?.path.description == "2")
    #expect(report.divergence?.asked == nil)
  }

  @Test func aScriptThatFailsBeforeItsJournalEndsIsRefused() async throws {
    let (stage, _) = try await Self.played(
      Self.source, thenAs: "taobao.refunds.get('1') error('no')")
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(report.status == .diverged)
  }

  @Test(arguments: [
    ("return 1", nil), ("act('9', 'why', taobao.refunds.cancel, '9')", "taobao.refunds.cancel"),
  ])
  func anAnnouncedWriteMustBeAskedForAsWell(_ edited: String, _ asks: String?) async throws {
    let (stage, _) = try await Self.played(
      "act('5', 'why', taobao.refunds.cancel, '5')", until: 1, thenAs: edited)
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(report.status == .diverged && report.divergence?.recorded?.name == "taobao.refunds.cancel")
    #expect(report.divergence?.asked?.name == asks && stage.api.calls.isEmpty)
  }

  @Test func aDivergedRunIsTriedAgainAndMovedOnPurpose() async throws {
    let (stage, journal) = try await Self.played(Self.source, thenAs: "return 7")
    #expect(try await RunAdvance.resume(stage.id, in: stage.surroundings).report?.status == .diverged)
    #expect(try await RunAdvance.resume(stage.id, in: stage.surroundings).report?.status == .diverged)

    guard
      case .refused(let replay) = try await RunAdvance.migrate(
        stage.id, to: stage.assignment("return 8").version, in: stage.surroundings)
    else { return unexpected() }
    #expect(replay.outcome == .diverged(try #require(replay.outcome.divergence)))
    #expect(await journal.run(stage.id)?.status == .diverged)

    let fixed = try await stage.assignment(Self.source.replacing("return 1", with: "return 11")).version
    guard case .moved = try await RunAdvance.migrate(stage.id, to: fixed, in: stage.surroundings) else {
      return unexpected()
    }
    #expect(await journal.run(stage.id)?.status == .queued)
    let resumed = try await RunAdvance.resume(stage.id, in: stage.surroundings)
    let report = try #require(try await RunAdvance.stay(with: resumed, in: stage.surroundings).report)
    #expect(report.status == .succeeded && report.result == 11)
    guard case .over = try await RunAdvance.migrate(stage.id, to: fixed, in: stage.surroundings) else {
      return unexpected()
    }
  }

  @Test func aReplayIsAValueOfItsOwn() {
    func step(_ path: [Int], _ name: String, _ sequence: Int) -> Step {
      Step(
        path: StepPath(path), name: name, digest: RunScript.digest(name, Array("[]".utf8)), result: .returned([]),
        sequence: sequence, instant: 0)
    }
    func asked(_ path: [Int], _ name: String) -> PendingStep {
      PendingStep(
        branch: .main, path: StepPath(path), name: name, arguments: [], line: nil, request: .wait(until: 0))
    }
    var replay = Replay([step([2], "b", 1), step([1], "a", 2)])
    #expect(replay.ask(asked([1], "a")) == .recorded && replay.ask(asked([3], "c")) == .new)
    guard case .diverged = replay.next() else { return unexpected() }
    #expect(replay.ask(asked([2], "b")) == .recorded && replay.missing() == nil)
    guard case .step(let first, _) = replay.next() else { return unexpected() }
    #expect(first.path == StepPath([2]))
    replay.deliver()
    #expect(!replay.isOver && replay.delivered == 1)
    replay.deliver()
    guard case .over = replay.next() else { return unexpected() }
    guard case .diverged(let divergence) = replay.ask(asked([2], "x")) else { return unexpected() }
    #expect(divergence.message == "step 2: b is recorded, and the script asks for x now")
  }
}

extension ReplayReport.Outcome {
  var divergence: Divergence? {
    if case .diverged(let divergence) = self { divergence } else { nil }
  }
}
