import JSON
import Vault

extension CommandFailure {
  /// What the vault could not do: exit code 3, the record or section named where something was tampered with.
  init(_ error: VaultError) {
    var details = JSONObject()
    if let place = error.place { details["place"] = .string(place) }
    self.init(
      .configuration, error.description, hint: error.hint, label: "vault_\(error.label)", details: details)
  }
}
