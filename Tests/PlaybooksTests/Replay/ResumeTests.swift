import Catalogue
import Foundation
import JSON
import Journal
import Lua
import PandaPon
import Testing
import Workbench

@testable import Playbooks

@Suite struct ResumeTests {
  /// Runs a script until its process dies after so many commits; nil where it came to its end before.
  static func playUntilCut(
    _ source: String, on stage: Stage, after commits: Int, kept: MemoryJournal
  ) async throws -> CuttableJournal? {
    let journal = CuttableJournal(kept, commits: commits)
    var own = stage
    own.journal = journal
    do {
      _ = try await own.play(source)
      return nil
    } catch is JournalError {
      try await journal.bury()
      return journal
    }
  }

  private static let source = """
    local seen = {}
    for index = 1, 4 do
      local answer, meta = taobao.refunds.get(tostring(index))
      seen[#seen + 1] = answer.refundOrderAggregate.refundOrder.refundId .. meta.request_id
      keep(tostring(index), "seen")
      log("step", { index = index, at = now(), chance = math.random(1000000) })
    end
    sleep("2h")
    return { seen, now(), math.random(1000000) }
    """

  @Test(arguments: 0..<8)
  func aRunGoesOnWhereItsProcessDied(_ commits: Int) async throws {
    let api = ScriptedAPI(read: { .answer(.refund($0.arguments.refundID)) })
    let undisturbed = Stage(api: api)
    let expected = try await undisturbed.play(Self.source)

    let kept = MemoryJournal()
    var stage = Stage(api: ScriptedAPI(read: { .answer(.refund($0.arguments.refundID)) }))
    stage.journal = kept
    let cut = try await Self.playUntilCut(Self.source, on: stage, after: commits, kept: kept)
    if cut != nil {
      let resumed = try await RunAdvance.resume(stage.id, in: stage.surroundings)
      let report = try #require(try await RunAdvance.stay(with: resumed, in: stage.surroundings).report)
      #expect(report.status == .succeeded && report.result == expected.result)
      #expect(report.lines == expected.lines && report.steps == expected.steps && report.reads == expected.reads)
    }
    #expect(cut != nil || commits > 5)
    let (one, other) = (
      try #require(await kept.history(of: stage.id)), try #require(try await undisturbed.journal.history(of: stage.id))
    )
    #expect(one.steps == other.steps && one.notes == other.notes && one.record == other.record)
    // Done anew is only what was not recorded.
    #expect(stage.api.calls.count <= 5)
  }

  @Test func recordedStepsAreNotTakenAgain() async throws {
    let kept = MemoryJournal()
    var stage = Stage(api: ScriptedAPI(read: { .answer(.refund($0.arguments.refundID)) }))
    stage.journal = kept
    let source = "for i = 1, 5 do taobao.refunds.get(tostring(i)) end return 'done'"
    #expect(try await Self.playUntilCut(source, on: stage, after: 3, kept: kept) != nil)
    #expect(stage.api.calls.count == 4)
    stage.api = ScriptedAPI(read: { .answer(.refund($0.arguments.refundID)) })
    let report = try #require(try await RunAdvance.resume(stage.id, in: stage.surroundings).report)
    #expect(report.result == "done" && report.steps == 5)
    #expect(stage.api.calls.map(\.arguments.refundID) == ["4", "5"])
  }

  @Test func aFinishedRunIsLeftAlone() async throws {
    let stage = Stage()
    _ = try await stage.play("return 1")
    guard case .over(let record) = try await RunAdvance.resume(stage.id, in: stage.surroundings) else {
      return unexpected()
    }
    #expect(record.status == .succeeded && record.result == 1)
    guard case .exists = try await RunAdvance.start(try await stage.assignment("return 2"), in: stage.surroundings)
    else { return unexpected() }
    #expect(try await stage.journal.run(stage.id)?.result == 1)
  }

  @Test func anUnknownRunIsSaid() async throws {
    await #expect(throws: JournalError.unknownRun("nobody")) {
      _ = try await RunAdvance.resume("nobody", in: Stage().surroundings)
    }
  }

  @Test func aPlaybookEditedWhileItsRunSleepsFinishesOnTheOldCode() async throws {
    try await ModuleTests.folder([
      "rules.lua": "return { word = 'old' }", "chase.lua": "sleep('1d') return { require('rules').word, 1 }",
    ]) { folder in
      var stage = Stage()
      stage.folder = folder
      stage.file = "chase.lua"
      let source = try String(contentsOf: folder.appending(path: "chase.lua"), encoding: .utf8)
      let first = try await RunAdvance.start(try await stage.assignment(source), in: stage.surroundings)
      #expect(first.report?.status == .waiting(.time) && first.report?.wake == Stage.start + 86_400_000)
      #expect(try await stage.journal.run(stage.id)?.wake == Stage.start + 86_400_000)
      #expect(try await stage.journal.holder(of: stage.id) == nil, "a sleeping run is in nobody's memory")
      for (file, text) in ["rules.lua": "return { word = 'new' }", "chase.lua": "return 'new'"] {
        try Data(text.utf8).write(to: folder.appending(path: file))
      }
      let last = try await RunAdvance.stay(with: first, in: stage.surroundings)
      #expect(last.report?.result == ["old", 1])
      stage.id = "run-2"
      #expect(try await stage.result(String(contentsOf: folder.appending(path: "chase.lua"), encoding: .utf8)) == "new")
    }
  }

  /// What was recorded of an event, or that there was none, is what the script saw.
  @Test(arguments: [nil, ["kind": "taobao.events.refundChanged"]] as [JSON?])
  func anEventIsTheSameAfterResuming(_ event: JSON?) async throws {
    var stage = Stage()
    stage.event = event
    let source = "sleep(60000) sleep(60000) return event and event.kind or 'none'"
    let assignment = try await stage.assignment(source)
    let report = try await stage.play(assignment, in: stage.surroundings)
    #expect(report.result == (event?["kind"] ?? "none"))
    // A run that nobody has begun yet comes to the same.
    let queued = Stage()
    try await queued.journal.keep(assignment.version)
    _ = try await queued.journal.start(assignment.record(at: 5, as: .queued), requiring: [], heldBy: nil)
    let first = try await RunAdvance.resume(assignment.id, in: queued.surroundings)
    #expect(try await RunAdvance.stay(with: first, in: queued.surroundings).report?.result == report.result)
  }

  /// Where a person is there, a run that is cut off is paused; where a service ends, whoever comes next takes it up.
  @Test(arguments: [(true, RunStatus.paused), (false, .running)])
  func aRunWhoseTaskIsCancelledIsLeftAsItShould(_ isAttended: Bool, _ status: RunStatus) async throws {
    let stage = Stage()
    var surroundings = stage.surroundings
    surroundings.isAttended = isAttended
    let assignment = try await stage.assignment("sleep(1) return 1")
    let task = Task { [surroundings] in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await RunAdvance.start(assignment, in: surroundings)
    }
    #expect(try await task.value.report?.status == status)
    #expect(try await stage.journal.run(assignment.id)?.status == status)
    #expect(try await stage.journal.due(before: Stage.start) == (isAttended ? [] : [assignment.id]))
    if isAttended { return }
    let resumed = try await RunAdvance.resume(assignment.id, in: stage.surroundings)
    #expect(try await RunAdvance.stay(with: resumed, in: stage.surroundings).report?.status == .succeeded)
  }

  /// A playbook that a person has not promoted never writes, by whatever command its run is taken up.
  @Test func aRunThatOnlyPlansIsNotAdvanced() async throws {
    let stage = Stage()
    let assignment = try await stage.assignment(
      "act({ id = '1' }, 'a test', taobao.refunds.cancel, { refundId = '1' })")
    try await stage.journal.keep(assignment.version)
    var record = assignment.record(at: 5, as: .queued)
    record.plansOnly = true
    _ = try await stage.journal.start(record, requiring: [], heldBy: nil)
    let advance = try await RunAdvance.resume(assignment.id, in: stage.surroundings)
    guard case .plans = advance else { return unexpected(advance) }
    #expect(try await stage.journal.run(assignment.id) == record)
    #expect(stage.api.calls.isEmpty)
  }
}
