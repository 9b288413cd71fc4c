import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Workers

/// Brings the schedules that headers propose into the store, for the shops they are enabled for; a header that says
/// something else counts from now on, and never for the past.
struct ScheduleProposals {
  let shelf: PlaybookShelf
  let store: SQLiteStore
  let keeper: ScheduleKeeper
  let zone: String
  let log: ServeLog
  let by: String

  func bring() async throws {
    // What is due by what the schedules said so far is accounted for before they say something else.
    await keeper.reload()
    await keeper.step()
    let present = Dictionary(uniqueKeysWithValues: try await store.schedules().map { ($0.key, $0) })
    let now = WallClock().now()
    var wanted: Set<ScheduleKey> = []
    for enabled in try await store.enablements() {
      // A playbook that is gone or broken keeps its schedule: its occurrences are missed, and say why.
      guard let entry = await shelf.playbook(enabled.playbook) else {
        wanted.insert(ScheduleKey(enabled.playbook, profile: enabled.profile))
        continue
      }
      guard var fields = entry.header.schedule?.object else { continue }
      let key = ScheduleKey(enabled.playbook, profile: enabled.profile)
      wanted.insert(key)
      // An interval counts from when it was enabled, whoever reads the header when.
      if fields["every"] != nil, fields["anchor"] == nil { fields["anchor"] = .integer(enabled.since) }
      if fields["zone"] == nil { fields["zone"] = .string(zone) }
      let terms = JSON.object(fields)
      do throws(ScheduleProblem) {
        _ = try ScheduleTerms(terms, zone: zone)
      } catch {
        log.unkept(enabled.playbook, error)
        continue
      }
      if let known = present[key] {
        guard known.terms.text(.canonical) != terms.text(.canonical), known.origin == .header,
          var changed = try await concluded(key)
        else { continue }
        changed.terms = terms
        let now = WallClock().now()
        changed.through = max(changed.through, now)
        _ = try await store.put(changed, replacing: changed.revision, signature(now, "the header says so now"))
      } else {
        let schedule = ScheduleRecord(
          key: key, playbook: enabled.playbook, origin: .header, terms: terms, through: max(enabled.since, 0))
        _ = try await store.put(schedule, replacing: nil, signature(now, "its header, enabled"))
      }
    }
    for (key, schedule) in present where schedule.origin == .header && !wanted.contains(key) {
      guard try await concluded(key) != nil else { continue }
      _ = try await store.remove(key, signature(now, "its header has no schedule any more"))
    }
    await keeper.reload()
  }

  /// A schedule as it is once all that was due is accounted for; nil where that is not possible just now, or it is gone.
  private func concluded(_ key: ScheduleKey) async throws -> ScheduleRecord? {
    guard await keeper.conclude(key) else {
      log.failed("schedule", key.description, "what was due could not be accounted for; it stays as it was")
      return nil
    }
    return try await store.schedule(key)
  }

  private func signature(_ now: Milliseconds, _ why: String) -> Signature {
    Signature(by: by, why: why, at: now)
  }
}
