import Catalogue
import Crypto
import Foundation
import JSON
import Journal
import Playbooks
import Scheduling
import Workers

/// Makes the runs that nobody starts by hand, from the playbooks on the shelf and what `ebb.yaml` says of shops.
struct ServedRuns: RunSource {
  let shelf: PlaybookShelf
  let store: SQLiteStore
  let driver: RunDriver
  let zone: TimeZone
  /// Who starts them.
  let by: String

  func run(
    for schedule: ScheduleRecord, _ parameters: JSONObject, at instant: Milliseconds, trigger: Trigger
  ) async throws -> Result<RunRecord, Obstacle> {
    guard let entry = await shelf.playbook(schedule.playbook) else {
      return .failure(Obstacle("the playbook \(schedule.playbook) is not in \(shelf.folder)"))
    }
    let id = Self.id("occurrence", [schedule.key.name, schedule.key.profile, String(instant)], at: instant)
    return try await record(
      id, entry, parameters, for: schedule.key.profile, event: nil, trigger: trigger)
  }

  func deliveries(of event: EventRecord) async throws -> [DueDelivery] {
    guard let kind = event.kind else { return [] }
    var deliveries: [DueDelivery] = []
    for entry in await shelf.all where entry.header.events.contains(kind) {
      let name = entry.header.name
      let id = Self.id("event", [event.key, String(event.round), name], at: event.received)
      let made = try await record(
        id, entry, [:], for: event.profile, event: event.document, trigger: .event)
      switch made {
      case .success(let run): deliveries.append(DueDelivery(name, .start(run)))
      case .failure(let obstacle): deliveries.append(DueDelivery(name, .ignored(obstacle.reason)))
      }
    }
    return deliveries
  }

  private func record(
    _ id: RunID, _ entry: PlaybookShelf.Entry, _ parameters: JSONObject, for profile: String, event: JSON?,
    trigger: Trigger
  ) async throws -> Result<RunRecord, Obstacle> {
    let name = entry.header.name
    guard let enabled = try await store.enablement(of: name, for: profile) else {
      return .failure(Obstacle("the playbook \(name) is not enabled for \(profile)"))
    }
    var given = driver.configuration.playbook(name).parameters(for: profile)
    for (key, value) in parameters { given[key] = value }
    let assignment: RunAssignment
    do {
      assignment = try RunAssignment(
        id: id, version: entry.version, header: entry.header, parameters: given, profile: profile,
        guards: try driver.guards(of: name, for: profile), profileGuards: try driver.guards(of: profile), event: event,
        trigger: trigger, by: by, tags: try await store.holds(at: WallClock().now()).tags(for: profile), zone: zone,
        sheets: SheetFolder(URL(filePath: driver.configuration.folder)))
    } catch let problem as ParameterProblem {
      return .failure(Obstacle(problem.description))
    } catch let failure as CommandFailure {
      return .failure(Obstacle(failure.message))
    }
    try await store.keep(entry.version)
    var run = assignment.record(at: WallClock().now(), as: .queued)
    let isHeldBack = driver.configuration.playbook(name).mode?.value == Enablement.Mode.plan.rawValue
    run.plansOnly = entry.header.isPlanFirst || enabled.mode == .plan || isHeldBack
    return .success(run)
  }

  /// The same for the same occurrence or event, whoever makes it (G14): `run-20261101-9f86d0818c7e`.
  private static func id(_ kind: String, _ parts: [String], at instant: Milliseconds) -> RunID {
    let digest = SHA256.hash(data: Array(([kind] + parts).joined(separator: "\n").utf8))
    let words = digest.prefix(6).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return RunID("run-\(InstantText.text(instant).prefix(10).replacing("-", with: ""))-\(words)")
  }
}

extension EventRecord {
  /// What a script sees as `event`.
  var document: JSON {
    var fields: JSONObject = ["kind": kind.map(JSON.string) ?? .null, "key": .string(key)]
    fields["received"] = .integer(received)
    fields["message_type"] = messageType.map(JSON.string)
    fields["platform"] = platform.map(JSON.integer)
    fields["raised_by"] = raisedBy.map { .string($0.text) }
    fields["body"] = envelope["messageBody"] ?? envelope
    fields["envelope"] = envelope
    return .object(fields)
  }
}
