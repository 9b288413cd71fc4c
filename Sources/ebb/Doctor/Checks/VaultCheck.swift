import Foundation
import Vault

/// Whether the vault is for its owner alone, opens, and is whole with its trail.
struct VaultCheck: DoctorCheck {
  let name = "vault"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    guard let configuration = try? patient.configuration.get() else {
      return [.warning("not looked at: the configuration cannot be read", hint: "correct it first")]
    }
    let door = configuration.vault
    guard door.isThere else {
      return [
        configuration.profiles.isEmpty
          ? .ok("there is none yet; `ebb profiles add` makes one")
          : .warning(
            "there is none: secrets come from the environment, and the store is not sealed",
            hint: "`ebb profiles add NAME` seals a profile in one (docs/vault.md)")
      ]
    }
    do {
      let verification = try door.open().verify()
      let findings = verification.recordFindings + verification.trailFindings
      guard findings.isEmpty else {
        return findings.map { .error($0, hint: "`ebb vault verify`; docs/vault.md says what a finding means") }
      }
      return [
        .ok(
          "\(door.path): all \(verification.records) records open, and the trail of"
            + " \(CountText.grouped(verification.lines.count)) lines is whole")
      ]
    } catch {
      return [.failed(error)]
    }
  }
}
