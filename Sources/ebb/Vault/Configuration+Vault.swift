import JSON
import PandaPon
import Vault

extension Configuration {
  /// The settings with what the vault has of the profile under them, value by value: the environment lies over `ebb.yaml`,
  /// and that over the vault. The vault is opened where the profile is in it.
  func completed(_ settings: ProfileSettings) throws(CommandFailure) -> ProfileSettings {
    guard settings.isInVault else { return settings }
    let name = settings.name
    do throws(VaultError) {
      let sheet = try vault.open().read { contents throws(VaultError) in try contents.profile(name) }
      return settings.laid(over: sheet)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The profile that the vault says is used when none is named; nil where it says nothing.
  func defaultProfile() throws(CommandFailure) -> String? {
    guard profiles.values.contains(where: \.isInVault) else { return nil }
    do throws(VaultError) {
      return try vault.open().read { contents throws(VaultError) in try contents.defaultProfile() }
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Where the credentials of a profile come from: variables where any is set, else the vault.
  func credentialOrigin(of profile: String) -> Origin? {
    let (key, secret) = credentialVariables(for: profile)
    if environment[key] != nil || environment.secretNames.contains(secret) { return .environment(key) }
    return profiles[profile]?.isInVault == true ? .vault : nil
  }
}

extension ProfileSettings {
  /// What is written of a profile in a vault, and nothing else.
  init(name: String, _ sheet: ProfileSheet, origin: Origin = .vault) {
    self.init(name: name, origin: origin)
    self = laid(over: sheet, origin: origin)
  }

  /// These settings, and those of a sheet where these say nothing.
  func laid(over sheet: ProfileSheet, origin: Origin = .vault) -> ProfileSettings {
    var result = self
    func put(_ key: ProfileKey, _ value: String?) {
      guard let value, result.values[key] == nil else { return }
      let place: Origin = if case .option = origin { .option(key.rawValue) } else { origin }
      result.values[key] = Setting(value: value, origin: place)
    }
    put(.baseURL, sheet.baseURL)
    put(.userID, sheet.userID)
    put(.payload, sheet.signing.payload)
    put(.digest, sheet.signing.digest)
    put(.encoding, sheet.signing.encoding)
    put(.timestamp, sheet.signing.timestamp)
    put(.callbacks, sheet.callbacks.isEmpty ? nil : sheet.callbacks.joined(separator: ", "))
    put(.quota, sheet.quota.map(Self.text))
    if result.allow.isEmpty { result.allow = sheet.allow.map { Setting(value: $0, origin: origin) } }
    for (name, value) in sheet.guards where result.guards[name] == nil { result.guards[name] = value }
    if result.guardsOrigin == nil, !sheet.guards.isEmpty { result.guardsOrigin = origin }
    return result
  }

  /// A quota as a person writes it.
  static func text(_ quota: Double) -> String {
    quota == quota.rounded() && quota < 1e9 ? String(Int(quota)) : String(quota)
  }
}
