import Catalogue
import JSON
import PandaPon

extension Configuration {
  /// The profile to use and where its credentials come from.
  ///
  /// - Parameter name: as given with `--profile`; nil for `env` where the environment defines it, else the only one.
  /// - Throws: `CommandFailure` of status `configuration`, naming the setting's place and what to write instead.
  func profile(named name: String? = nil) throws(CommandFailure) -> (Profile, any CredentialSource) {
    let settings = try profileSettings(named: name)
    return (try checkedProfile(settings), try credentialSource(for: settings.name))
  }

  /// A profile's settings as the client understands them.
  func checkedProfile(_ settings: ProfileSettings) throws(CommandFailure) -> Profile {
    let settings = try completed(settings)
    guard let address = settings.values[.baseURL] else {
      throw .configuration(
        "\(settings.origin): profile \"\(settings.name)\" has no base_url",
        hint: "base_url: \(BaseURL.production), or set EBB_BASE_URL", label: "no_base_url")
    }
    do {
      let paths = try checkedPaths(settings)
      var profile = try Profile(
        name: settings.name,
        baseURL: try at(address) { () throws(BaseURLError) in try BaseURL(parsing: address.value) },
        userID: settings.values[.userID]?.value, signing: try signing(settings), allow: try allowance(settings),
        paths: paths, quota: try quota(settings))
      if let recipe = try callbacks(settings) { profile.callbacks = recipe }
      return profile
    } catch let failure as CommandFailure {
      throw failure
    } catch let error as ProfileError {
      throw .configuration("profile \"\(settings.name)\": \(error)", hint: error.hint, label: error.label)
    } catch {
      throw .configuration("profile \"\(settings.name)\": \(error)")
    }
  }

  /// What holds where a profile says nothing, as text; nil where there is no default.
  static func standard(_ key: ProfileKey) -> String? {
    let recipe = SigningRecipe.standard
    return switch key {
    case .payload: "\(recipe.payload)"
    case .digest: recipe.digest.rawValue
    case .encoding: recipe.encoding.rawValue
    case .timestamp: recipe.timestamp.rawValue
    case .callbacks: CallbackBase.inferred.map(\.name).joined(separator: ", ")
    case .quota: "\(Int(Profile.defaultQuota)), no limit on loopback"
    case .baseURL, .userID: nil
    }
  }

  private func signing(_ settings: ProfileSettings) throws(CommandFailure) -> SigningRecipe {
    let standard = SigningRecipe.standard
    let payload = try settings.values[.payload].map { setting throws(CommandFailure) in
      try at(setting) { () throws(SigningRecipeError) in try SigningTemplate(parsing: setting.value) }
    }
    let digest = try settings.values[.digest].map { setting throws(CommandFailure) in
      try at(setting) { () throws(SigningRecipeError) in try SigningRecipe.Digest(parsing: setting.value) }
    }
    let encoding = try settings.values[.encoding].map { setting throws(CommandFailure) in
      try at(setting) { () throws(SigningRecipeError) in try SigningRecipe.Encoding(parsing: setting.value) }
    }
    let unit = try settings.values[.timestamp].map { setting throws(CommandFailure) in
      try at(setting) { () throws(SigningRecipeError) in try SigningRecipe.TimestampUnit(parsing: setting.value) }
    }
    do {
      return try SigningRecipe(
        payload: payload ?? standard.payload, digest: digest ?? standard.digest,
        encoding: encoding ?? standard.encoding,
        timestamp: unit ?? standard.timestamp)
    } catch {
      let origin = (settings.values[.payload] ?? settings.values[.digest])?.origin ?? settings.origin
      throw .configuration("\(origin): \(error)", hint: error.hint, label: error.label)
    }
  }

  /// The bases that a callback's signature may be made over: names separated by commas, or one template.
  private func callbacks(_ settings: ProfileSettings) throws(CommandFailure) -> CallbackRecipe? {
    try settings.values[.callbacks].map { setting throws(CommandFailure) in
      try at(setting) { () throws(CallbackRecipeError) in
        let names =
          setting.value.contains("{")
          ? [setting.value] : setting.value.split(separator: ",").map { String($0.filter { $0 != " " }) }
        return try CallbackRecipe(parsing: names)
      }
    }
  }

  private func allowance(_ settings: ProfileSettings) throws(CommandFailure) -> Allowance {
    var result = Allowance.documented
    for setting in settings.allow {
      let one = try at(setting) { () throws(AllowanceError) in try Allowance(parsing: [setting.value]) }
      for id in one.operations { try checkOperation(id, setting.origin) }
      result.grades.formUnion(one.grades)
      result.operations.formUnion(one.operations)
    }
    return result
  }

  private func checkedPaths(_ settings: ProfileSettings) throws(CommandFailure) -> [String: String] {
    for (id, setting) in settings.paths.sorted(by: { $0.key < $1.key }) { try checkOperation(id, setting.origin) }
    return settings.paths.mapValues(\.value)
  }

  private func checkOperation(_ id: String, _ origin: Origin) throws(CommandFailure) {
    let catalogue = try Catalogue.forCommands()
    guard catalogue[id] == nil else { return }
    throw .configuration(
      "\(origin): there is no operation \"\(id)\"",
      hint: catalogue.nearest(to: id).map { "did you mean \"\($0)\"?" } ?? "ebb api list shows all operations",
      label: "unknown_operation")
  }

  private func quota(_ settings: ProfileSettings) throws(CommandFailure) -> Double? {
    guard let setting = settings.values[.quota] else { return nil }
    guard let value = Double(setting.value), value > 0, value.isFinite else {
      throw .configuration(
        "\(setting.origin): quota \"\(setting.value)\" is not a number of requests a second",
        hint: "e.g. quota: 10; leave it out for the default", label: "profile_quota")
    }
    return value
  }

  /// Lets a mistake that another room found name the place of the setting.
  private func at<Value, Mistake: ConfigurationMistake>(
    _ setting: Setting<String>, _ body: () throws(Mistake) -> Value
  ) throws(CommandFailure) -> Value {
    do throws(Mistake) {
      return try body()
    } catch {
      throw .configuration("\(setting.origin): \(error)", hint: error.hint, label: error.label)
    }
  }
}

/// What a user wrote wrong, as the client's room describes it.
protocol ConfigurationMistake: Error, CustomStringConvertible {
  /// What to do about it.
  var hint: String { get }
  /// A word from a fixed set.
  var label: String { get }
}

extension BaseURLError: ConfigurationMistake {}
extension SigningRecipeError: ConfigurationMistake {}
extension CallbackRecipeError: ConfigurationMistake {}
extension AllowanceError: ConfigurationMistake {}
extension CredentialsError: ConfigurationMistake {}
