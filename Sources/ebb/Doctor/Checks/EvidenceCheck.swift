import Catalogue
import PandaPon

/// Which operations each profile may send although no page of the vendor's documents their path.
struct EvidenceCheck: DoctorCheck {
  let name = "evidence"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    let catalogue: Catalogue
    do {
      catalogue = try patient.catalogue.get()
    } catch {
      return [.failed(error)]
    }
    let profiles = patient.profiles
    guard !profiles.isEmpty else { return [.ok("skipped: there is no profile that can be used")] }
    return profiles.map { diagnosis(of: $0, catalogue) }
  }

  private func diagnosis(of profile: Profile, _ catalogue: Catalogue) -> Diagnosis {
    let operations = catalogue.operations.filter { $0.effect != .event }
    guard !profile.baseURL.isLoopback else {
      return .ok("\(profile.name): a simulator on this machine serves all \(operations.count) operations")
    }
    let allowed = operations.filter { profile.paths[$0.id] != nil || profile.allow.permits($0) }
    let own = allowed.filter { profile.paths[$0.id] != nil }
    let rest = allowed.filter { profile.paths[$0.id] == nil }
    var parts = ["\(rest.count { $0.evidence.path == .documented }) documented"]
    for grade in [Evidence.inferred, .assumed] {
      let count = rest.count { $0.evidence.path == grade }
      if count > 0 { parts.append("\(count) \(grade.rawValue)") }
    }
    if !own.isEmpty { parts.append("\(own.count) with a path of the profile's own") }
    let text =
      "\(profile.name): \(allowed.count) of \(operations.count) operations may be sent: "
      + parts.joined(separator: ", ")
    let guesses = rest.filter { $0.evidence.path == .assumed && $0.effect == .write }
    guard !guesses.isEmpty else { return .ok(text) }
    return .warning(
      text,
      hint: "\(guesses.count) of them change something at a path that is only assumed; allow single operations instead,"
        + " or give their paths")
  }
}
