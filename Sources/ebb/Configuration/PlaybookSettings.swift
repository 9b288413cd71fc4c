import JSON

/// What `ebb.yaml` says of one playbook, for all its shops and for single ones.
struct PlaybookSettings: Sendable {
  /// The shops it runs for; nil when the file does not say, `["all"]` for every one.
  var profiles: [String]?
  /// `plan` or `live`.
  var mode: Setting<String>?
  /// How many of its runs for one shop `ebb serve` advances at once.
  var concurrency: Setting<Int>?
  /// Parameters by name, for all shops.
  var parameters = JSONObject()
  /// Guards by name, for all shops; they can only make the playbook's own stricter.
  var guards = JSONObject()
  /// Differences of single shops, by profile name.
  var perProfile: [String: (parameters: JSONObject, guards: JSONObject)] = [:]

  /// The keys that are no profile names.
  static let keys = ["profiles", "mode", "concurrency", "params", "guards"]

  /// The parameters that hold for a profile: a shop's own over the common ones, name by name.
  func parameters(for profile: String) -> JSONObject {
    Self.overlaid(parameters, by: perProfile[profile]?.parameters)
  }

  /// The guards that hold for a profile: a shop's own over the common ones; inside a table (`max_writes`), limit by limit.
  func guards(for profile: String) -> JSONObject { Self.overlaid(guards, by: perProfile[profile]?.guards) }

  private static func overlaid(_ base: JSONObject, by other: JSONObject?) -> JSONObject {
    var result = base
    for (key, value) in other ?? JSONObject() {
      if let inner = value.object, let common = result[key]?.object {
        result[key] = .object(overlaid(common, by: inner))
      } else {
        result[key] = value
      }
    }
    return result
  }
}

extension ConfigurationNode {
  /// One entry of `playbooks`; what is no key of it must be the name of a profile.
  func playbook(profiles known: [String]) throws(CommandFailure) -> PlaybookSettings {
    var settings = PlaybookSettings()
    for (key, node) in try members() {
      switch key {
      case "profiles":
        var names: [String] = []
        for element in try node.list() {
          let name = try element.text()
          guard name == "all" || known.contains(name) || name == Configuration.environmentProfile else {
            var failure = element.failure(
              "there is no profile \"\(name)\"", hint: Suggestion.hint(for: name, in: known))
            failure.label = "unknown_profile"
            throw failure
          }
          names.append(name)
        }
        settings.profiles = names
      case "mode": settings.mode = try node.choice(among: ["plan", "live"])
      case "concurrency": settings.concurrency = try node.count()
      case "params": settings.parameters = try node.table()
      case "guards": settings.guards = try node.table()
      case _ where known.contains(key):
        let members = try node.members(["params", "guards"])
        settings.perProfile[key] = (
          try members["params"]?.table() ?? JSONObject(), try members["guards"]?.table() ?? JSONObject()
        )
      default: throw node.unknownKey(key, known: PlaybookSettings.keys + known)
      }
    }
    return settings
  }

  /// A table as JSON.
  func table() throws(CommandFailure) -> JSONObject {
    var object = JSONObject()
    for (key, value) in try members() { object[key] = try value.json() }
    return object
  }
}
