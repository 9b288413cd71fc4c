import JSON
import Journal
import Playbooks

/// An occurrence of a schedule in a line, and as a document.
struct OccurrenceText {
  let occurrence: Occurrence
  let time: LocalTime

  /// `ran: run-20261101-9f86d081` and kin.
  var line: String {
    let instant = time.text(occurrence.instant)
    switch occurrence.outcome {
    case .ran: return "\(instant) ran as \(occurrence.run?.text ?? "?")\(lateness)"
    case .coalesced:
      return "\(instant) was coalesced into that of \(occurrence.into.map(time.text) ?? "?"), which ran for it as well"
    case .skipped: return "\(instant) was skipped: \(occurrence.reason ?? "a policy said so")"
    case .missed: return "\(instant) was missed: \(occurrence.reason ?? "nobody was there in time")"
    }
  }

  private var lateness: String {
    let late = occurrence.accounted - occurrence.instant
    return late >= 1000 ? ", \(LocalTime.span(late)) late" : ""
  }

  var document: JSON {
    var fields: JSONObject = [
      "schedule": .string(occurrence.schedule.name), "profile": .string(occurrence.schedule.profile),
      "at": .string(InstantText.text(occurrence.instant)), "outcome": .string(occurrence.outcome.rawValue),
      "accounted": .string(InstantText.text(occurrence.accounted)),
    ]
    fields["run"] = occurrence.run.map { .string($0.text) }
    fields["into"] = occurrence.into.map { .string(InstantText.text($0)) }
    fields["reason"] = occurrence.reason.map(JSON.string)
    return .object(fields)
  }
}
