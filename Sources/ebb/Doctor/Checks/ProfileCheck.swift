import PandaPon

/// Whether each profile is whole, with credentials.
struct ProfileCheck: DoctorCheck {
  let name = "profiles"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    guard let configuration = try? patient.configuration.get() else {
      return [.warning("not looked at: the configuration cannot be read", hint: "correct it first")]
    }
    let settings = configuration.profiles.values.sorted { $0.name < $1.name }
    guard !settings.isEmpty else {
      return [
        .warning(
          "there is none", hint: "set EBB_BASE_URL, EBB_ACCESS_KEY and EBB_ACCESS_SECRET, or write one into ebb.yaml")
      ]
    }
    var found: [Diagnosis] = []
    for profile in settings {
      do {
        let checked = try configuration.checkedProfile(profile)
        _ = try configuration.guards(of: profile)
        let credentials = try await configuration.credentialSource(for: profile.name).credentials()
        found.append(
          .ok("\(profile.name) at \(checked.baseURL), \(credentials)".replacing("Credentials(", with: "key (")))
      } catch {
        found.append(.failed(error))
      }
    }
    return found
  }
}
