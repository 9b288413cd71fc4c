import PandaPon

/// Whether this machine's clock agrees with the APIs': a timestamp may be 600 s off at most (pandapon.md 1).
struct ClockCheck: DoctorCheck {
  let name = "clock"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    guard let transport = patient.transport else { return [.ok("skipped: nothing is to be sent")] }
    let profiles = patient.profiles
    guard !profiles.isEmpty else { return [.ok("skipped: there is no profile that can be used")] }
    var seen: Set<BaseURL> = []
    var found: [Diagnosis] = []
    for profile in profiles where seen.insert(profile.baseURL).inserted {
      found.append(await diagnosis(of: profile.baseURL, transport, patient))
    }
    return found
  }

  private func diagnosis(of address: BaseURL, _ transport: any Transport, _ patient: Patient) async -> Diagnosis {
    do throws(TransportError) {
      let skew = try await ClockSkew.measured(at: address, over: transport, now: patient.now)
      guard let skew else {
        return .warning(
          "\(address.host) does not say what time it is", hint: "`ebb profiles test` shows whether it takes a timestamp"
        )
      }
      let seconds = skew.magnitude / 1000
      let side = skew.isBehind ? "behind" : "ahead of"
      if skew.isTooLarge {
        return .error(
          "this machine's clock is \(seconds) s \(side) \(address.host)'s: it refuses more than 600 s",
          hint: "set the clock, e.g. with `timedatectl set-ntp true`")
      }
      if skew.magnitude > 60_000 {
        return .warning(
          "this machine's clock is \(seconds) s \(side) \(address.host)'s; 600 s are the most",
          hint: "set the clock, e.g. with `timedatectl set-ntp true`")
      }
      return .ok("agrees with \(address.host)'s to \(seconds + 1) s")
    } catch {
      return .error("\(address.host) cannot be reached: \(error)", hint: error.hint)
    }
  }
}
