import Journal
import Playbooks

/// Whether there are writes of which nobody knows yet what became.
struct EffectsCheck: DoctorCheck {
  let name = "effects"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    guard patient.hasStore else { return [.ok("nothing was written yet")] }
    do {
      var filter = EffectFilter()
      filter.unsettled = true
      filter.limit = .max
      let effects = try await patient.store().effects(filter)
      guard let oldest = effects.min(by: { $0.intended < $1.intended }) else {
        return [.ok("none is unsettled")]
      }
      let age = Duration.milliseconds(max(0, patient.now() - oldest.intended))
      let resource = oldest.claims.first?.resource ?? oldest.operation
      return [
        .warning(
          "\(effects.count) unsettled; the oldest is \(oldest.operation) of \(resource), "
            + "\(Self.text(age)) old (run \(oldest.run))",
          hint: "`ebb effects list --unsettled` shows them; `ebb runs resume --all` settles what can be read back")
      ]
    } catch {
      return [.failed(error)]
    }
  }

  private static func text(_ age: Duration) -> String {
    let minutes = age.components.seconds / 60
    return minutes < 120 ? "\(minutes) min" : minutes < 2880 ? "\(minutes / 60) h" : "\(minutes / 1440) days"
  }
}
