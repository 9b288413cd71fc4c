import Journal

/// Whether the store opens, and all that is kept in it is whole.
struct StoreDiagnosis: DoctorCheck {
  let name = "store"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    do {
      let path = try patient.storePath.get()
      guard patient.hasStore else { return [.ok("there is none yet; the first run makes \(path)")] }
      let store = try patient.store()
      let violations = try await store.check()
      guard let first = violations.first else { return [.ok("\(path) opens, and all rules hold")] }
      let more = violations.count > 1 ? ", and \(violations.count - 1) more" : ""
      return [
        .error(
          "\(path) breaks a rule: \(first.rule): \(first.detail)\(more)",
          hint: "`ebb store check` lists all; keep a copy (`ebb store backup`) before anything else is done with it")
      ]
    } catch {
      return [.failed(error)]
    }
  }
}
