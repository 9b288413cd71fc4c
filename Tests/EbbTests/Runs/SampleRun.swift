import JSON
import Journal

/// A run that was cut off while a write was in doubt.
enum SampleRun {
  static let id = RunID("run-20261123-9f86d081")
  /// 2026-11-23T07:50:00Z
  static let start: Milliseconds = 1_795_420_200_000

  static var record: RunRecord {
    var record = RunRecord(
      id: id, playbook: "cancel_stale_refunds", version: String(repeating: "3f", count: 32), profile: "shop1",
      trigger: .manual, by: "li@host", parameters: ["limit": 2], zone: "Asia/Shanghai", started: start,
      status: .waiting(.settlement))
    record.wake = start + 60_000
    return record
  }

  static var effect: EffectRecord {
    var effect = EffectRecord(
      run: id, path: StepPath([2]), operation: "taobao.refunds.cancel", arguments: ["refundId": "110000235001"],
      digest: "d", claims: [ClaimKey(profile: "shop1", kind: "taobao.refund", id: "110000235001")],
      subjects: ["110000235001"], charge: Charge(minorUnits: 123_456, currency: "CNY", direction: .forgone),
      instant: start + 300)
    effect.state = .unknown
    effect.changed = start + 900
    effect.detail = "the connection broke after the request was sent"
    return effect
  }

  static var history: RunHistory {
    RunHistory(
      record: record,
      steps: [
        Step(
          path: StepPath([1]), name: "taobao.refunds.list", digest: "a", result: .returned([Array("{}".utf8)]),
          sequence: 1, began: start, instant: start + 250, attempts: 2, line: "scripts/cancel_stale_refunds.lua:38"),
        Step(
          path: StepPath([2]), name: "taobao.refunds.cancel", digest: "d",
          result: .returned([Array("null".utf8), Array(#""in_doubt""#.utf8)]), sequence: 2, began: start + 250,
          instant: start + 900, line: "scripts/cancel_stale_refunds.lua:45"),
        Step(
          path: StepPath([3, 1, 1]), name: "taobao.refunds.get", digest: "b",
          result: .raised(Array(#"{"code": "not_found", "message": "no refund 5"}"#.utf8)), sequence: 3,
          instant: start + 1000),
      ],
      notes: [
        Note(
          after: StepPath([1]), ordinal: 1, content: .log(LogLine(level: "warn", message: "late", fields: ["n": 2]))),
        Note(
          after: StepPath([2]), ordinal: 1,
          content: .decision(
            Decision(
              subject: "110000235001", kind: .waiting, reason: "in doubt: it may have taken place",
              amount: effect.charge, step: StepPath([2])))),
        Note(after: StepPath([3, 1]), ordinal: 1, content: .log(LogLine(level: "info", message: "in a branch"))),
      ], effects: [effect])
  }

  /// A store that holds it.
  static func store() async throws -> MemoryJournal {
    let store = MemoryJournal()
    let request = LeaseRequest(worker: "w", instant: start, length: 1000)
    guard case .started(let lease?) = await store.start(record, requiring: [], heldBy: request) else {
      throw JournalError.unknownRun(id)
    }
    var announced = effect
    announced.state = .intended
    var entries = [Entry(.intent(announced, budgets: []), instant: start)]
    entries.append(Entry(.settle(effect.path, .unknown, detail: effect.detail), instant: start + 900))
    for step in history.steps {
      entries.append(
        Entry(.step(step), notes: history.notes.filter { $0.after == step.path }, instant: step.instant))
    }
    entries.append(Entry(.status(.waiting(.settlement), wake: start + 60_000), instant: start + 1000))
    entries.append(Entry(.release, instant: start + 1000))
    for outcome in try await store.commit(entries, under: lease) where outcome != .committed {
      throw JournalError.unavailable("\(outcome)")
    }
    return store
  }
}
