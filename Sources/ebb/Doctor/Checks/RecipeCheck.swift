import PandaPon

/// Whether it is known, or only assumed, how each profile's requests are signed.
struct RecipeCheck: DoctorCheck {
  let name = "signing"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    let profiles = patient.profiles
    guard !profiles.isEmpty else { return [.ok("skipped: there is no profile that can be used")] }
    var found: [Diagnosis] = []
    for profile in profiles {
      let isStandard = profile.signing == .standard
      let recipe = isStandard ? "the default recipe" : "a recipe of its own"
      if await patient.recipeGrade(profile.name) == .verified {
        found.append(.ok("\(profile.name): \(recipe), verified"))
      } else if profile.baseURL.isLoopback {
        found.append(.ok("\(profile.name): \(recipe), for a simulator on this machine"))
      } else {
        found.append(
          .warning(
            "\(profile.name): \(recipe), assumed and not verified",
            hint: "`ebb profiles test \(profile.name)` asks the API; docs/signing.md says what is known"))
      }
    }
    return found
  }
}
