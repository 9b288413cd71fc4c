import Foundation
import JSON
import Vault

/// All that is configured: `ebb.yaml` found upwards, the environment over it.
///
/// `EBB_BASE_URL` and kin define the profile `env`, which is used when none is named; with a profile named, they
/// override that profile's values.
struct Configuration: Sendable {
  /// The project's folder: where `ebb.yaml` lies, or else the folder the search began in.
  let folder: String
  /// The path of `ebb.yaml`; nil when there is none.
  let file: String?
  /// The project's time zone: budget days, schedules, dates.
  let zone: Setting<String>
  /// `zh` or `en`.
  let language: Setting<String>
  /// Profiles of the file and, where the environment defines one, `env`; by name.
  let profiles: [String: ProfileSettings]
  /// What the file says of playbooks, by name.
  let playbooks: [String: PlaybookSettings]
  /// How many runs are advanced at once.
  let serve: ServeSettings
  /// Variables that begin with `EBB_` and mean nothing.
  let ignoredVariables: [String]
  /// Where secrets come from.
  let environment: EnvironmentVariables
  /// Where they rest.
  let vault: VaultDoor
  /// Why the vault's profiles are not among ``profiles``, where there is a vault that cannot be read.
  let vaultFailure: VaultError?

  /// The profile that the environment defines.
  static let environmentProfile = "env"

  /// Reads the configuration that holds in a folder.
  ///
  /// - Parameters:
  ///   - folder: where the search for `ebb.yaml` begins; the current folder where nil.
  ///   - environment: the variables.
  static func load(
    from folder: String? = nil, environment: EnvironmentVariables = .process
  ) throws(CommandFailure) -> Configuration {
    let start = folder ?? FileManager.default.currentDirectoryPath
    let path = ConfigurationFile.find(from: start)
    guard let path else { return Configuration(folder: start, file: nil, environment: environment) }
    // Playbooks may name profiles that only the vault has; its names are read without a key.
    let project = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let vault = vault(in: project, environment).value
    var sealed: [String] = []
    var vaultFailure: VaultError?
    if FileManager.default.fileExists(atPath: vault) {
      do throws(VaultError) {
        sealed = try VaultOutline(path: vault).profiles
      } catch {
        vaultFailure = error
      }
    }
    do throws(CommandFailure) {
      let file = try ConfigurationFile(reading: path, sealed: sealed)
      return Configuration(folder: start, file: file, environment: environment)
    } catch  where error.label == "unknown_profile" && vaultFailure != nil {
      throw vaultFailure.map { CommandFailure($0) } ?? error
    }
  }

  /// Lays the environment over a file.
  init(folder: String, file: ConfigurationFile?, environment: EnvironmentVariables) {
    let folder =
      file.map { URL(filePath: $0.path).deletingLastPathComponent().path(percentEncoded: false) } ?? folder
    self.folder = folder
    self.file = file?.path
    self.environment = environment
    zone = file?.zone ?? Setting(value: "Asia/Shanghai", origin: .standard)
    language = file?.language ?? Setting(value: "zh", origin: .standard)
    playbooks = file?.playbooks ?? [:]
    serve = file?.serve ?? ServeSettings()
    var profiles = (file?.profiles ?? [:]).mapValues { $0.overlaid(by: environment) }
    if environment["EBB_BASE_URL"] != nil {
      let empty = ProfileSettings(name: Self.environmentProfile, origin: .environment("EBB_BASE_URL"))
      profiles[Self.environmentProfile] = empty.overlaid(by: environment)
    }
    vault = VaultDoor(
      place: Self.vault(in: folder, environment), store: Self.store(in: folder, environment).value,
      environment: environment)
    do throws(VaultError) {
      for name in try vault.outline()?.profiles ?? [] {
        var settings = profiles[name] ?? ProfileSettings(name: name, origin: .vault).overlaid(by: environment)
        settings.isInVault = true
        profiles[name] = settings
      }
      vaultFailure = nil
    } catch {
      vaultFailure = error
    }
    self.profiles = profiles
    ignoredVariables = Self.ignored(environment, profiles: profiles.keys)
  }

  /// Where the store is: `EBB_STORE`, or `.ebb/store.db` in the project.
  var store: Setting<String> { Self.store(in: folder, environment) }

  private static func store(in folder: String, _ environment: EnvironmentVariables) -> Setting<String> {
    if let path = environment["EBB_STORE"] { return Setting(value: path, origin: .environment("EBB_STORE")) }
    let path = URL(filePath: folder).appending(path: ".ebb/store.db").path(percentEncoded: false)
    return Setting(value: path, origin: .standard)
  }

  /// What the file says of a playbook; empty settings where it says nothing.
  func playbook(_ name: String) -> PlaybookSettings { playbooks[name] ?? PlaybookSettings() }

  /// The settings of the profile to use: the one named; else `env` where the environment defines it; else the only one.
  func profileSettings(named name: String?) throws(CommandFailure) -> ProfileSettings {
    let names = profiles.keys.sorted()
    if let name {
      if let settings = profiles[name] { return settings }
      if let vaultFailure { throw CommandFailure(vaultFailure) }
      let hint =
        name == Self.environmentProfile
        ? "set EBB_BASE_URL, EBB_ACCESS_KEY and EBB_ACCESS_SECRET" : Suggestion.hint(for: name, in: names)
      throw .configuration(
        "there is no profile \"\(name)\"", hint: hint ?? Self.setUp, label: "unknown_profile")
    }
    if let settings = profiles[Self.environmentProfile] { return settings }
    if names.count > 1, let name = try defaultProfile(), let settings = profiles[name] { return settings }
    guard let only = names.first, let settings = profiles[only] else {
      if let vaultFailure { throw CommandFailure(vaultFailure) }
      throw .configuration("no profile is configured", hint: Self.setUp, label: "no_profile")
    }
    guard names.count == 1 else {
      throw .configuration(
        "several profiles are configured: \(names.joined(separator: ", "))",
        hint: "name one with --profile, or say `ebb profiles use NAME` of one in the vault", label: "which_profile")
    }
    return settings
  }

  private static let setUp = """
    `ebb profiles add NAME` seals one in a vault; or set EBB_BASE_URL, EBB_ACCESS_KEY and EBB_ACCESS_SECRET
    `ebb simulate` prints values for a simulated marketplace
    """
}

extension Configuration {
  /// The variables that hold a profile's key and secret: its own where set (`EBB_ACCESS_SECRET_SHOP1`), else the common
  /// ones.
  func credentialVariables(for profile: String) -> (key: String, secret: String) {
    let suffix = "_" + Self.variableSuffix(profile)
    let key = "EBB_ACCESS_KEY"
    let secret = "EBB_ACCESS_SECRET"
    let hasOwn = environment[key + suffix] != nil || environment.secretNames.contains(secret + suffix)
    return profile != Self.environmentProfile && hasOwn ? (key + suffix, secret + suffix) : (key, secret)
  }

  /// A profile's name as it appears in variables.
  static func variableSuffix(_ profile: String) -> String {
    profile.uppercased().replacingOccurrences(of: "-", with: "_")
  }

  /// Names that Ebb knows, or will know (docs/configuration.md).
  static let variables: [String] =
    ProfileKey.allCases.compactMap(\.variable)
    + [
      "EBB_ACCESS_KEY", "EBB_ACCESS_SECRET", "EBB_ALLOW", "EBB_STORE", "EBB_VAULT", VaultKeys.keyVariable,
      VaultKeys.passphraseVariable,
    ]

  private static func ignored(_ environment: EnvironmentVariables, profiles: some Sequence<String>) -> [String] {
    var known = Set(variables)
    for profile in profiles {
      known.formUnion(["EBB_ACCESS_KEY_", "EBB_ACCESS_SECRET_"].map { $0 + variableSuffix(profile) })
    }
    return (Array(environment.values.keys) + environment.secretNames)
      .filter { $0.hasPrefix("EBB_") && !known.contains($0) }.sorted()
  }
}

extension ProfileSettings {
  /// These settings with those of the environment over them.
  func overlaid(by environment: EnvironmentVariables) -> ProfileSettings {
    var result = self
    for key in ProfileKey.allCases {
      if let variable = key.variable, let value = environment[variable] {
        result.values[key] = Setting(value: value, origin: .environment(variable))
      }
    }
    if let allow = environment["EBB_ALLOW"] {
      result.allow = allow.split(whereSeparator: { $0 == "," || $0 == " " }).map {
        Setting(value: String($0), origin: .environment("EBB_ALLOW"))
      }
    }
    return result
  }
}
