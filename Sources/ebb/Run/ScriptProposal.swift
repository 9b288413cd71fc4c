import Catalogue
import Foundation
import JSON
import PandaPon
import Playbooks

/// What `ebb run` and `ebb plan` are asked to do, read and checked: a script, its parameters, and the shop it is for.
struct ScriptProposal {
  let file: String
  let script: PlaybookFile
  let catalogue: Catalogue
  let configuration: Configuration
  let profile: Profile
  /// Those of `ebb.yaml` with those given over them, untyped.
  let parameters: JSONObject
  let zone: TimeZone
  /// Whether it is to be planned first, by its header or by `ebb.yaml`.
  let isPlannedFirst: Bool

  /// Reads the script and what the configuration says of it; nothing of it runs.
  ///
  /// - Parameter file: its path, or its playbook's name.
  init(file: String, parameters: [String], profile: String?) async throws {
    let file = PlaybookFile.path(of: file)
    let given = try PlaybookFile.parameters(parameters)
    self.file = file
    catalogue = try Catalogue.forCommands()
    configuration = try Configuration.load()
    script = try await PlaybookFile(reading: file, catalogue: catalogue)
    self.profile = try configuration.profile(named: profile).0
    let settings = configuration.playbook(script.header?.name ?? "")
    try Self.check(settings, for: self.profile.name, header: script.header, file: file)
    var values = settings.parameters(for: self.profile.name)
    for (name, value) in given { values[name] = Self.fromHere(value, named: name, header: script.header) }
    self.parameters = values
    zone = try configuration.timeZone()
    isPlannedFirst = settings.mode?.value == "plan" || script.header?.isPlanFirst == true
  }

  /// A sheet that is named on the command line is looked for where the command is given, not beside `ebb.yaml`.
  private static func fromHere(_ value: JSON, named name: String, header: Header?) -> JSON {
    guard header?.parameters.first(where: { $0.name == name })?.kind == .rows, let text = value.string,
      text.hasPrefix("@"), text.count > 1
    else { return value }
    return .string("@" + URL(filePath: String(text.dropFirst())).absoluteURL.path(percentEncoded: false))
  }

  /// What `ebb.yaml` says of the playbook must fit it: a mistake there is no mistake of the command line.
  private static func check(
    _ settings: PlaybookSettings, for profile: String, header: Header?, file: String
  ) throws(CommandFailure) {
    if let allowed = settings.profiles, !allowed.contains("all"), !allowed.contains(profile) {
      throw .configuration(
        "ebb.yaml does not let \(header?.name ?? file) run for \(profile)",
        hint: "its profiles are \(allowed.joined(separator: ", "))", label: "profile_not_allowed")
    }
    do throws(ParameterProblem) {
      _ = try Guards(parsing: .object(settings.guards(for: profile)))
      try header?.check(settings.parameters(for: profile))
    } catch {
      throw .configuration("ebb.yaml, playbooks: \(error.description)", hint: error.hint, label: "playbook_settings")
    }
  }
}
