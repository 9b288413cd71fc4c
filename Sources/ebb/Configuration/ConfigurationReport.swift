import JSON
import Redaction
import Vault

/// The configuration as `ebb config show` prints it.
struct ConfigurationReport {
  /// One setting: its key, what holds, and where that was said.
  struct Row: Equatable {
    var key: String
    var value: String
    var source: String
  }

  /// The settings in the order of `ebb.yaml`.
  let rows: [Row]
  /// `EBB_` variables that mean nothing, each with the one that was probably meant.
  let ignored: [(name: String, meant: String?)]
  /// The first mistake found in a profile's values; the settings are shown nevertheless.
  let failure: CommandFailure?
  private let configuration: Configuration

  init(_ configuration: Configuration) {
    self.configuration = configuration
    var store = configuration.store
    if store.value.contains("@") && store.value.contains("://") { store.value = "not shown: it has a \"@\" in it" }
    var rows = [
      Row("zone", configuration.zone), Row("language", configuration.language), Row("store", store),
    ]
    rows += Self.rows(of: configuration.serve)
    var vault = configuration.vault.place
    if !configuration.vault.isThere { vault.value += " (not there)" }
    rows.append(Row("vault", vault))
    var failure = configuration.vaultFailure.map { CommandFailure($0) }
    for (_, profile) in configuration.profiles.sorted(by: { $0.key < $1.key }) {
      var profile = profile
      do {
        // Values that are sealed are opened to be shown; where that is not possible, the others are.
        profile = try configuration.completed(profile)
      } catch {
        failure = failure ?? error
        profile.isInVault = false
      }
      rows += Self.rows(of: profile, configuration)
      guard failure == nil else { continue }
      do {
        _ = try configuration.checkedProfile(profile)
        _ = try configuration.guards(of: profile)
      } catch {
        failure = failure ?? error
      }
    }
    for (name, playbook) in configuration.playbooks.sorted(by: { $0.key < $1.key }) {
      rows += Self.rows(of: playbook, named: name)
    }
    self.rows = rows
    self.failure = failure
    ignored = configuration.ignoredVariables.map { ($0, Suggestion.nearest(to: $0, in: Configuration.variables)) }
  }

  /// For people.
  func text(_ terminal: Terminal) -> String {
    var table = Table([.fixed("SETTING", role: .name), .wrapping("VALUE"), .fixed("FROM", role: .faint)])
    for row in rows { table.append([row.key, row.value, row.source]) }
    var lines = [
      "project: \(Terminal.clean(configuration.folder))"
        + (configuration.file == nil ? " (no ebb.yaml here or above)" : ""), "",
      table.render(width: terminal.width, style: terminal.style),
    ]
    for (name, meant) in ignored {
      lines.append("")
      lines.append("\(name) is set and means nothing to Ebb" + (meant.map { "; did you mean \($0)?" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  /// For machines: `{folder, file, settings: [{key, value, source}], ignored}`.
  var document: JSON {
    [
      "folder": .string(configuration.folder),
      "file": configuration.file.map(JSON.string) ?? .null,
      "settings": .array(
        rows.map { ["key": .string($0.key), "value": .string($0.value), "source": .string($0.source)] }),
      "ignored": .array(ignored.map { .string($0.name) }),
    ]
  }
}

extension ConfigurationReport.Row {
  fileprivate init<Value: CustomStringConvertible>(_ key: String, _ setting: Setting<Value>) {
    self.init(key: key, value: setting.value.description, source: "\(setting.origin)")
  }
}

extension ConfigurationReport {
  private static func rows(of profile: ProfileSettings, _ configuration: Configuration) -> [Row] {
    let prefix = "profiles.\(profile.name)."
    let environment = configuration.environment
    let (keyName, secretName) = configuration.credentialVariables(for: profile.name)
    // Asking for the secret makes `redact` know it, should it have been written into another setting.
    let secret = environment.secret(secretName)
    func shown(_ setting: Setting<String>) -> Setting<String> {
      Setting(value: redact(setting.value), origin: setting.origin)
    }
    var rows: [Row] = []
    for key in ProfileKey.allCases {
      if var setting = profile.values[key] {
        // A password in an address is a mistake that the check below names; here it must not be repeated.
        if key == .baseURL && setting.value.contains("@") { setting.value = "not shown: it has a \"@\" in it" }
        rows.append(Row(prefix + key.rawValue, shown(setting)))
      } else if let standard = Configuration.standard(key) {
        rows.append(Row(key: prefix + key.rawValue, value: standard, source: "default"))
      }
    }
    if profile.allow.isEmpty {
      rows.append(Row(key: prefix + "allow", value: "documented paths only", source: "default"))
    }
    for setting in profile.allow { rows.append(Row(prefix + "allow", shown(setting))) }
    for (operation, setting) in profile.paths.sorted(by: { $0.key < $1.key }) {
      rows.append(Row(prefix + "paths." + operation, shown(setting)))
    }
    if let concurrency = profile.concurrency { rows.append(Row(prefix + "concurrency", concurrency)) }
    for (name, value) in profile.guards {
      rows.append(
        Row(
          key: prefix + "guards." + name, value: value.scalarText ?? value.text(),
          source: profile.guardsOrigin.map { "\($0)" } ?? "ebb.yaml"))
    }
    if configuration.credentialOrigin(of: profile.name) == .vault {
      return rows + sealedRows(prefix, profile, configuration)
    }
    let key = environment[keyName]
    rows.append(
      Row(
        key: prefix + "access_key", value: key.map(Redactor.masked(accessKey:)) ?? "not set",
        source: key == nil ? "-" : keyName))
    rows.append(
      Row(
        key: prefix + "access_secret", value: secret == nil ? "not set" : "set, not shown",
        source: secret == nil ? "-" : secretName))
    return rows
  }

  /// The credentials where the vault has them; nothing of the secret is opened.
  private static func sealedRows(
    _ prefix: String, _ profile: ProfileSettings, _ configuration: Configuration
  ) -> [Row] {
    let name = profile.name
    let found = try? configuration.vault.open().read { contents throws(VaultError) in
      (try contents.profile(name).accessKey, contents.stages(of: name).contains { $0.stage == .current })
    }
    guard let (key, hasSecret) = found else { return [] }
    return [
      Row(key: prefix + "access_key", value: Redactor.masked(accessKey: key), source: "vault"),
      Row(key: prefix + "access_secret", value: hasSecret ? "sealed, not shown" : "not set", source: "vault"),
    ]
  }

  private static func rows(of serve: ServeSettings) -> [Row] {
    [("workers", serve.workers), ("per_profile", serve.perProfile), ("per_playbook", serve.perPlaybook)]
      .compactMap { name, setting in setting.map { Row("serve." + name, $0) } }
  }

  private static func rows(of playbook: PlaybookSettings, named name: String) -> [Row] {
    let prefix = "playbooks.\(name)."
    let source = "ebb.yaml"
    var rows: [Row] = []
    if let profiles = playbook.profiles {
      rows.append(Row(key: prefix + "profiles", value: profiles.joined(separator: ", "), source: source))
    }
    if let mode = playbook.mode { rows.append(Row(prefix + "mode", mode)) }
    if let concurrency = playbook.concurrency { rows.append(Row(prefix + "concurrency", concurrency)) }
    func add(_ object: JSONObject, _ part: String) {
      for (key, value) in object {
        rows.append(Row(key: prefix + part + "." + key, value: value.scalarText ?? value.text(), source: source))
      }
    }
    add(playbook.parameters, "params")
    add(playbook.guards, "guards")
    for (profile, own) in playbook.perProfile.sorted(by: { $0.key < $1.key }) {
      add(own.parameters, profile + ".params")
      add(own.guards, profile + ".guards")
    }
    return rows
  }
}
