import Foundation
import Journal
import Scheduling
import Workers

/// Whether schedules will fire.
struct ScheduleCheck: DoctorCheck {
  let name = "schedules"

  /// How far behind a ledger may be while `ebb serve` runs, in milliseconds.
  private static let patience: Milliseconds = 300_000

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    guard patient.hasStore else { return [.ok("none is in force")] }
    do {
      let configuration = try patient.configuration.get()
      let store = try patient.store()
      let enabled = try await store.enablements()
      let schedules = try await store.schedules()
      var found: [Diagnosis] = []
      for playbook in enabled where configuration.profiles[playbook.profile] == nil {
        found.append(
          .error(
            "\(playbook.playbook) is enabled for \(playbook.profile), which is no profile any more",
            hint: "`ebb disable \(playbook.playbook) --profile \(playbook.profile)`, or configure the profile"))
      }
      let judged = try schedules.map { try diagnosis(of: $0, enabled, configuration, at: patient.now()) }
      found += judged.compactMap(\.self)
      let good = judged.count { $0 == nil }
      if found.isEmpty || good > 0 {
        found.insert(.ok(schedules.isEmpty ? "none is in force" : "\(good) will fire"), at: 0)
      }
      return found
    } catch {
      return [.failed(error)]
    }
  }

  /// Why a schedule does not fire; nil where it does.
  private func diagnosis(
    of schedule: ScheduleRecord, _ enabled: [Enablement], _ configuration: Configuration, at now: Milliseconds
  ) throws(CommandFailure) -> Diagnosis? {
    let (name, profile) = (schedule.key.name, schedule.key.profile)
    let zone = try configuration.timeZone()
    let terms: ScheduleTerms
    do throws(ScheduleProblem) {
      terms = try ScheduleTerms(schedule.terms, zone: zone.identifier, days: DaysFile(configuration.folder).text)
    } catch {
      return .error(
        "\(schedule.key) cannot be read, and does not fire: \(error)",
        hint: error.hint ?? "`ebb schedule show \(name) --profile \(profile)` shows what it says")
    }
    if schedule.paused != nil {
      return .warning("\(schedule.key) is paused", hint: "`ebb schedule resume \(name) --profile \(profile)`")
    }
    guard enabled.contains(where: { $0.playbook == schedule.playbook && $0.profile == profile }) else {
      return .error(
        "\(schedule.key) does not fire: \(schedule.playbook) is not enabled for \(profile)",
        hint: "`ebb enable \(schedule.playbook) --profile \(profile)`, or `ebb schedule remove \(name)`")
    }
    guard let next = terms.timetable.next(after: schedule.through) else {
      return .warning("\(schedule.key) fires never again", hint: "`ebb schedule remove \(name) --profile \(profile)`")
    }
    guard next + Self.patience >= now else {
      return .error(
        "\(schedule.key) was due at \(LocalTime(zone).text(next)), and nobody has accounted for it",
        hint: "is `ebb serve` running on this store? `ebb why \(name)` says what became of it afterwards")
    }
    return nil
  }
}
