import Foundation
import JSON
import Yams

/// `ebb.yaml` as it was written: every key known, every value in its place, nothing checked that needs another room.
struct ConfigurationFile: Sendable {
  /// Its path.
  var path: String
  var zone: Setting<String>?
  var language: Setting<String>?
  /// By name.
  var profiles: [String: ProfileSettings] = [:]
  /// By playbook name.
  var playbooks: [String: PlaybookSettings] = [:]
  var serve = ServeSettings()

  /// The file's name.
  static let name = "ebb.yaml"

  /// The nearest `ebb.yaml` in a folder or above it.
  static func find(from folder: String) -> String? {
    var url = URL(filePath: folder).standardizedFileURL
    while true {
      let candidate = url.appending(path: name).path(percentEncoded: false)
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      let parent = url.deletingLastPathComponent().standardizedFileURL
      if parent.path == url.path || url.path == "/" { return nil }
      url = parent
    }
  }

  /// Reads a file.
  ///
  /// - Parameter sealed: names of profiles that are in the vault: playbooks may name them, too.
  init(reading path: String, sealed: [String] = []) throws(CommandFailure) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .configuration("\(path) cannot be read", hint: "check its permissions")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .configuration("\(path) is not UTF-8 text", hint: "save it as UTF-8")
    }
    try self.init(parsing: text, path: path, sealed: sealed)
  }

  /// Reads the text of a file; `path` is what errors name.
  init(parsing text: String, path: String, sealed: [String] = []) throws(CommandFailure) {
    self.path = path
    let root: Node?
    do {
      root = try Yams.compose(yaml: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
    } catch {
      throw Self.syntaxFailure(error, path: path)
    }
    guard let root else { return }
    let members = try ConfigurationNode(node: root, path: "", file: path)
      .members(["zone", "language", "profiles", "playbooks", "serve"])
    zone = try members["zone"]?.zone()
    language = try members["language"]?.choice(among: ["zh", "en"])
    for (name, node) in try members["profiles"]?.members() ?? [] { profiles[name] = try node.profile(named: name) }
    if let node = members["serve"] { serve = try node.serve() }
    let names = Set(profiles.keys).union(sealed).sorted()
    for (name, node) in try members["playbooks"]?.members() ?? [] {
      playbooks[name] = try node.playbook(profiles: names)
    }
  }

  private static func syntaxFailure(_ error: any Error, path: String) -> CommandFailure {
    let name = path.split(separator: "/").last ?? "ebb.yaml"
    let (line, problem): (Int, String) =
      switch error as? YamlError {
      case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
        .composer(_, let problem, let mark, _)?:
        (mark.line, problem)
      case .duplicatedKeysInMapping(let keys, let context)?:
        (context.mark.line, "a key appears twice: \(keys.joined(separator: ", "))")
      case .reader(let problem, _, _, _)?: (1, problem)
      default: (1, "\(error)")
      }
    return .configuration(
      "\(name):\(line): not valid YAML: \(problem)",
      hint: "indent with spaces, and put text that holds ':' or '#' into quotes", label: "yaml")
  }
}

extension ConfigurationNode {
  /// A zone of the tz database.
  fileprivate func zone() throws(CommandFailure) -> Setting<String> {
    let setting = try setting()
    guard TimeZone(identifier: setting.value) != nil else {
      throw failure(
        "there is no time zone \"\(setting.value)\"",
        hint: Suggestion.nearest(to: setting.value, in: TimeZone.knownTimeZoneIdentifiers)
          .map { "did you mean \"\($0)\"?" } ?? "write it as Area/City, e.g. Asia/Shanghai")
    }
    return setting
  }

  /// One of a few words.
  func choice(among words: [String]) throws(CommandFailure) -> Setting<String> {
    let setting = try setting()
    guard words.contains(setting.value) else {
      throw failure(
        "expected \(words.joined(separator: " or ")), found \"\(setting.value)\"",
        hint: Suggestion.nearest(to: setting.value, in: words).map { "did you mean \"\($0)\"?" })
    }
    return setting
  }

  fileprivate func profile(named name: String) throws(CommandFailure) -> ProfileSettings {
    if let problem = ProfileName.problem(name) { throw failure(problem) }
    var profile = ProfileSettings(name: name, origin: origin)
    let members = try members(["base_url", "user_id", "signing", "allow", "paths", "quota", "guards", "concurrency"])
    profile.values[.baseURL] = try members["base_url"]?.setting()
    profile.values[.userID] = try members["user_id"]?.setting()
    profile.values[.quota] = try members["quota"]?.setting()
    profile.concurrency = try members["concurrency"]?.count()
    if let signing = try members["signing"]?.members(["payload", "digest", "encoding", "timestamp", "callbacks"]) {
      profile.values[.payload] = try signing["payload"]?.setting()
      profile.values[.digest] = try signing["digest"]?.setting()
      profile.values[.encoding] = try signing["encoding"]?.setting()
      profile.values[.timestamp] = try signing["timestamp"]?.setting()
      profile.values[.callbacks] = try signing["callbacks"]?.setting()
    }
    for node in try members["allow"]?.list() ?? [] { profile.allow.append(try node.setting()) }
    for (operation, node) in try members["paths"]?.members() ?? [] { profile.paths[operation] = try node.setting() }
    if let guards = members["guards"] {
      profile.guards = try guards.table()
      profile.guardsOrigin = guards.origin
    }
    return profile
  }
}
