import Foundation
import JSON
import Journal
import Marketplace
import Playbooks

/// What the store says after a sweep, held against what was acknowledged, what was due, and what took effect.
struct ServiceVerdict: Sendable {
  private(set) var events = 0
  private(set) var deliveries = 0
  private(set) var occurrences: [Occurrence.Outcome: Int] = [:]
  private(set) var runs = 0
  private(set) var writes = 0
  private(set) var problems: [String] = []

  /// - Parameters:
  ///   - acknowledged: the ids in the bodies of callbacks that were answered by 200.
  ///   - effects: the writes that took effect, by the resource's id.
  init(store: SQLiteStore, acknowledged: [String], effects: [String: Int]) async throws {
    let stored = try await runIndex(store)
    runs = stored.count
    try await look(atEvents: store, acknowledged, stored)
    try await look(atSchedules: store, stored)
    try await look(atEffects: store, effects)
    for run in stored.values where !run.status.isFinal { problems.append("\(run.id) is \(run.status.name) at the end") }
  }

  private func runIndex(_ store: SQLiteStore) async throws -> [RunID: RunRecord] {
    var filter = RunFilter()
    filter.limit = .max
    let all = try await store.runs(filter)
    return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
  }

  // MARK: Events

  private mutating func look(
    atEvents store: SQLiteStore, _ acknowledged: [String], _ runs: [RunID: RunRecord]
  ) async throws {
    var filter = EventFilter()
    filter.limit = .max
    let stored = try await store.events(filter)
    events = stored.count
    let ids = stored.map { $0.envelope["messageBody"]?["refundId"]?.string ?? "" }
    let counts = Dictionary(ids.map { ($0, 1) }, uniquingKeysWith: +)
    for id in acknowledged where counts[id] == nil { problems.append("acknowledged and not stored: \(id)") }
    for (id, count) in counts.sorted(by: { $0.key < $1.key }) {
      if count > 1 { problems.append("stored \(count) times: \(id)") }
      if id.hasPrefix("forged") { problems.append("wrongly signed and stored: \(id)") }
    }
    var started: Set<RunID> = []
    for event in stored {
      let handed = try await store.deliveries(of: event.key)
      deliveries += handed.count
      let playbooks = handed.map(\.playbook).sorted()
      if playbooks != ServiceProject.subscribers.sorted() {
        problems.append("event \(event.key.prefix(12)) was handed to \(playbooks)")
      }
      for delivery in handed {
        guard let run = delivery.run, runs[run] != nil else {
          problems.append("event \(event.key.prefix(12)) has no run of \(delivery.playbook)")
          continue
        }
        if !started.insert(run).inserted { problems.append("\(run) is the run of two deliveries") }
      }
    }
    let ofEvents = runs.values.filter { $0.trigger == .event }.count
    if ofEvents != deliveries { problems.append("\(ofEvents) runs of events for \(deliveries) deliveries") }
  }

  // MARK: Schedules

  private mutating func look(atSchedules store: SQLiteStore, _ runs: [RunID: RunRecord]) async throws {
    var started: Set<RunID> = []
    for (name, interval) in ServiceProject.intervals.sorted(by: { $0.key < $1.key }) {
      var filter = OccurrenceFilter()
      (filter.name, filter.limit) = (name, .max)
      let rows = try await store.occurrences(filter)
      if rows.isEmpty { problems.append("\(name) has no occurrence") }
      for (later, earlier) in zip(rows, rows.dropFirst()) where later.instant - earlier.instant != interval {
        problems.append("\(name): \(later.instant - earlier.instant) ms without a row before \(later.instant)")
      }
      for row in rows {
        occurrences[row.outcome, default: 0] += 1
        guard row.outcome == .ran else { continue }
        guard let run = row.run, runs[run] != nil else {
          problems.append("\(name): what ran at \(row.instant) has no run")
          continue
        }
        if !started.insert(run).inserted { problems.append("\(run) is the run of two occurrences") }
      }
    }
    let scheduled = runs.values.filter { $0.trigger == .schedule }.count
    if scheduled != started.count { problems.append("\(scheduled) runs of schedules for \(started.count) occurrences") }
  }

  // MARK: Writes

  private mutating func look(atEffects store: SQLiteStore, _ effects: [String: Int]) async throws {
    var filter = EffectFilter()
    filter.limit = .max
    let records = try await store.effects(filter)
    var confirmed: [String: Int] = [:]
    for record in records {
      if record.state.isLive { problems.append("not settled: \(record.operation) of \(record.claims.map(\.id))") }
      if record.state == .confirmed, let id = record.claims.first?.id { confirmed[id, default: 0] += 1 }
    }
    writes = effects.values.reduce(0, +)
    for (id, count) in effects.sorted(by: { $0.key < $1.key }) where count > 1 {
      problems.append("took effect \(count) times: \(id)")
    }
    for id in Set(effects.keys).union(confirmed.keys).sorted() where effects[id] != confirmed[id] {
      problems.append("\(id): took effect \(effects[id] ?? 0) times, confirmed \(confirmed[id] ?? 0) times")
    }
  }
}
