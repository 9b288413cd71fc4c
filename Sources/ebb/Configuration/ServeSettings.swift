import Workers

/// What `ebb.yaml` says of how many runs `ebb serve` advances at once; nil where it says nothing.
struct ServeSettings: Sendable {
  /// In all.
  var workers: Setting<Int>?
  /// Of one shop.
  var perProfile: Setting<Int>?
  /// Of one playbook for a shop.
  var perPlaybook: Setting<Int>?

  /// Its keys, as the file writes them.
  static let keys = ["workers", "per_profile", "per_playbook"]
}

extension ConfigurationNode {
  /// The table `serve`.
  func serve() throws(CommandFailure) -> ServeSettings {
    let members = try members(ServeSettings.keys)
    var settings = ServeSettings()
    settings.workers = try members["workers"]?.count()
    settings.perProfile = try members["per_profile"]?.count()
    settings.perPlaybook = try members["per_playbook"]?.count()
    return settings
  }

  /// A number of things, at least one.
  func count() throws(CommandFailure) -> Setting<Int> {
    let setting = try setting()
    guard let count = Int(setting.value), 1...100_000 ~= count else {
      throw failure("\"\(setting.value)\" is not a count", hint: "a whole number, 1 or more")
    }
    return Setting(value: count, origin: setting.origin)
  }
}

extension RunQueue.Limits {
  /// How many runs may be advanced at once: what is configured, and an option's word over it.
  ///
  /// - Parameter workers: the option's; nil where it was left out.
  init(_ configuration: Configuration, workers: Int?) {
    self.init()
    let serve = configuration.serve
    overall = workers ?? serve.workers?.value ?? overall
    perProfile = serve.perProfile?.value ?? perProfile
    perPlaybook = serve.perPlaybook?.value ?? perPlaybook
    profiles = configuration.profiles.compactMapValues { $0.concurrency?.value }
    playbooks = configuration.playbooks.compactMapValues { $0.concurrency?.value }
  }
}
