import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Workbench

@testable import Playbooks

/// Refunds that answer in an order of chance, or in the order of a journal, and remember what was cancelled.
final class RandomWorld: Sendable {
  private let cancelled = Mutex<[String: Int]>([:])
  private let random: Mutex<Seeded>
  private let gate: OrderGate?

  init(seed: UInt64, gate: OrderGate? = nil) {
    random = Mutex(Seeded(state: seed))
    self.gate = gate
  }

  /// How often each was cancelled.
  var cancels: [String: Int] { cancelled.withLock(\.self) }

  var api: ScriptedAPI {
    ScriptedAPI(
      read: { call in
        await self.delay(call)
        let id = call.arguments.refundID
        guard !id.contains("bad") else { return .refusal(404, "no") }
        let isCancelled = self.cancelled.withLock { $0[id] != nil }
        return .answer(.refund(id, status: isCancelled ? "-20" : "10"))
      },
      write: { call in
        await self.delay(call)
        let id = call.arguments.refundID
        self.cancelled.withLock { $0[id, default: 0] += 1 }
        return .answer(["cancelSuccess": true])
      })
  }

  private func delay(_ call: Call) async {
    if let gate { return await gate.pass("\(call.operation) \(call.arguments.refundID)") }
    for _ in 0..<random.withLock({ Int.random(in: 0...12, using: &$0) }) { await Task.yield() }
  }
}

/// Lets calls be answered in the order in which a journal has them: the next once the one before is recorded.
final class OrderGate: Sendable {
  private struct State {
    var order: [String]
    var next = 0
    var waiting: [String: CheckedContinuation<Void, Never>] = [:]
  }
  private let state: Mutex<State>

  /// An order of calls; what is in it no call is waited for.
  init(_ steps: [Step]) {
    state = Mutex(
      State(
        order: steps.map { step in
          let arguments = try? JSON(parsing: step.arguments)
          return "\(step.name) \(arguments?.refundID ?? "")"
        }))
  }

  func pass(_ name: String) async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard let place = state.order.firstIndex(of: name), place > state.next else { return true }
        state.waiting[name] = continuation
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  /// So many results are recorded.
  func recorded(_ count: Int) {
    let free = state.withLock { state in
      state.next = max(state.next, count)
      guard state.next < state.order.count else {
        defer { state.waiting = [:] }
        return Array(state.waiting.values)
      }
      return state.waiting.removeValue(forKey: state.order[state.next]).map { [$0] } ?? []
    }
    for continuation in free { continuation.resume() }
  }
}

/// A run's journal without what differs between two executions: instants, lines of the clock, how a write was confirmed.
struct CanonicalJournal: Equatable {
  struct Line: Equatable {
    let path: String
    let call: String
    let result: String
  }
  struct Said: Equatable {
    let place: String
    let content: String
  }
  let steps: [Line]
  let notes: [Said]
  let status: String
  let result: String

  /// - Parameter isOrdered: whether the order in which results were delivered counts.
  init(_ history: RunHistory, isOrdered: Bool) {
    let ordered = isOrdered ? history.steps : history.steps.sorted { $0.path < $1.path }
    steps = ordered.map { step in
      let call = "\(step.name) \(String(decoding: step.arguments, as: UTF8.self))"
      let isWrite = catalogue[step.name]?.effect == .write
      return Line(path: step.path.description, call: call, result: isWrite ? "written" : "\(step.result)")
    }
    notes = history.notes.sorted { $0.isBefore($1) }.compactMap { note in
      let place = "\(note.after) \(note.ordinal)"
      switch note.content {
      case .decision(let decision):
        let detail = decision.kind == .kept ? decision.detail ?? "" : ""
        return Said(place: place, content: "\(decision.subject) \(decision.kind) \(decision.reason) \(detail)")
      case .log(let line): return Said(place: place, content: "\(line)")
      case .report(let report): return Said(place: place, content: report.text())
      case .outcome(let decision): return Said(place: place, content: "\(decision)")
      case .dispatch: return nil
      }
    }
    status = history.record.status.name
    result = history.record.result?.text(.canonical) ?? history.record.failure?["message"]?.text() ?? ""
  }
}

/// Tells a gate what is recorded.
final class GatedJournal: WrappedJournal {
  let kept = MemoryJournal()
  private let gate: OrderGate

  init(_ gate: OrderGate) { self.gate = gate }

  nonisolated(nonsending) func commit(
    _ entries: [Entry], under lease: Lease
  ) async throws(JournalError) -> [EntryOutcome] {
    let outcomes = try await kept.commit(entries, under: lease)
    for case .step(let step) in entries.map(\.body) { gate.recorded(step.sequence) }
    return outcomes
  }
}
