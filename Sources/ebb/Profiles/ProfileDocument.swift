import JSON
import PandaPon
import Playbooks
import Redaction
import Vault

/// A profile as people and machines may see it: fingerprints in the place of secrets, access keys masked.
struct ProfileDocument {
  let settings: ProfileSettings
  /// Where its credentials come from; nil for nowhere.
  let credentials: Origin?
  /// The access key, masked; nil where there is none.
  let accessKey: String?
  /// What the vault has of it; nil where it is not in the vault.
  let sealed: Sealed?
  /// Whether it is used when none is named.
  let isDefault: Bool

  struct Sealed: Sendable {
    let sheet: ProfileSheet
    let secrets: [Secret]
  }

  struct Secret: Sendable {
    let stage: SecretStage
    let version: UInt32
    let fingerprint: String
  }

  /// What is known of a configured profile.
  init(_ settings: ProfileSettings, in configuration: Configuration, isDefault: Bool) throws {
    let name = settings.name
    self.settings = try configuration.completed(settings)
    self.isDefault = isDefault
    credentials = configuration.credentialOrigin(of: name)
    sealed =
      settings.isInVault
      ? try configuration.vault.open().read { contents throws(VaultError) in
        var secrets: [Secret] = []
        for (stage, version) in contents.stages(of: name) {
          let fingerprint = try contents.fingerprint(of: name, stage) ?? ""
          secrets.append(Secret(stage: stage, version: version, fingerprint: fingerprint))
        }
        return Sealed(sheet: try contents.profile(name), secrets: secrets)
      } : nil
    switch credentials {
    case .vault: accessKey = (sealed?.sheet.accessKey).map(Redactor.masked(accessKey:))
    case nil: accessKey = nil
    default:
      accessKey = configuration.environment[configuration.credentialVariables(for: name).key]
        .map(Redactor.masked(accessKey:))
    }
  }

  /// All configured profiles, by name.
  static func all(in configuration: Configuration) throws -> [ProfileDocument] {
    if let failure = configuration.vaultFailure { throw CommandFailure(failure) }
    let standard = try? configuration.profileSettings(named: nil).name
    return try configuration.profiles.sorted { $0.key < $1.key }.map {
      try ProfileDocument($0.value, in: configuration, isDefault: $0.key == standard)
    }
  }

  /// The fingerprint of the secret that signs; nil where the vault does not have it.
  var fingerprint: String? {
    guard credentials == .vault else { return nil }
    return sealed?.secrets.first { $0.stage == .current }?.fingerprint
  }

  /// Whether the API accepted a request that was signed by the profile's recipe.
  var isSigningVerified: Bool { verified != nil }

  /// When it did: of what the vault knows, as long as nothing lies over the recipe there.
  private var verified: Int64? {
    let parts: [ProfileKey] = [.baseURL, .payload, .digest, .encoding, .timestamp]
    guard parts.allSatisfy({ settings.values[$0].map { $0.origin == .vault } ?? true }) else { return nil }
    return sealed?.sheet.signingVerified
  }

  var document: JSONObject {
    let setting = { (key: ProfileKey) -> JSON in settings.values[key].map { .string(redact($0.value)) } ?? .null }
    var object: JSONObject = [
      "profile": .string(settings.name), "default": .bool(isDefault),
      "source": .string(settings.isInVault ? "vault" : "\(settings.origin)"),
      "base_url": setting(.baseURL), "user_id": setting(.userID), "access_key": accessKey.map(JSON.string) ?? .null,
      "credentials": credentials.map { .string("\($0)") } ?? .null,
      "fingerprint": fingerprint.map(JSON.string) ?? .null,
      "signing": .string(isSigningVerified ? "verified" : "assumed"),
    ]
    object["signing_verified"] = verified.map { .string(InstantText.text($0)) } ?? .null
    object["proven"] = .array((sealed?.sheet.proven ?? []).sorted().map(JSON.string))
    object["secrets"] = .array(
      (sealed?.secrets ?? []).map {
        [
          "stage": .string($0.stage.name), "version": .integer(Int64($0.version)),
          "fingerprint": .string($0.fingerprint),
        ]
      })
    return object
  }
}
