import ArgumentParser
import JSON
import PandaPon
import Vault

/// `ebb profiles edit NAME`
struct ProfilesEditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Change the settings of a shop's account; its secrets stay.",
    discussion: """
      Asks for each value; Enter keeps it. With --from-stdin it takes one JSON object
      with the members to change, as `ebb profiles add` has them; null takes one away.

      Example:
        ebb profiles edit shop1
        echo '{"quota": 5, "user_id": null}' | ebb profiles edit shop1 --from-stdin
      """)

  @Argument(help: "The profile.")
  var name: String

  @Flag(help: "Take one JSON object from standard input.")
  var fromStdin = false

  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let profiles = try ProfileVault(with: name, who: try person.name())
    let name = name
    let before = try profiles.vault.read { contents throws(VaultError) in try contents.profile(name) }
    let (sheet, changed) = try edited(before)
    try profiles.configuration.check(sheet, named: name)
    if !changed.isEmpty {
      let entry = AuditEntry(.editProfile, profile: name, field: changed.joined(separator: ", "))
      try profiles.vault.change(entry) { contents throws(VaultError) in try contents.setProfile(name, sheet) }
    }
    ProfileVault.conclude(
      changed.isEmpty ? "nothing of \(name) is changed" : "\(name): changed \(changed.joined(separator: ", "))",
      ["profile": .string(name), "changed": .array(changed.map(JSON.string))], output)
  }

  /// The sheet with the changes, and the names of what they change.
  private func edited(_ before: ProfileSheet) throws(CommandFailure) -> (ProfileSheet, [String]) {
    let changes = try fromStdin ? changesFromStandardInput() : changesAsked(before)
    var object = before.json
    var changed: [String] = []
    for (member, value) in changes {
      let old = object[member] ?? .null
      object[member] = value.isNull ? nil : value
      if (object[member] ?? .null) != old { changed.append(member) }
    }
    // What the API accepted was this recipe at that address.
    if changed.contains("signing") || changed.contains("base_url") { object["signing_verified"] = nil }
    for member in changes.keys where !ProfileSheet.members.contains(member) {
      // Names the member and its neighbours.
      _ = try ProfileInput.sheet(JSONObject([(key: "base_url", value: ""), (key: member, value: .null)]))
    }
    return (try ProfileInput.sheet(object, isOurs: true), changed.sorted())
  }

  private func changesFromStandardInput() throws(CommandFailure) -> JSONObject {
    let (object, secret) = try ProfileInput.object()
    guard secret == nil else {
      throw .usage(
        "standard input: access_secret is no setting",
        hint: "ebb profiles secret \(name) --current, or --pending before it is reset", label: "profile_secret")
    }
    return object
  }

  private func changesAsked(_ before: ProfileSheet) throws(CommandFailure) -> JSONObject {
    guard Terminal.current.canAsk else {
      throw .usage(
        "nobody can be asked here", hint: "--from-stdin takes one JSON object with the members to change",
        label: "nobody_to_ask")
    }
    Terminal.printError("Enter keeps a value, - takes it away.")
    var changes = JSONObject()
    func ask(_ question: String, _ member: String, _ value: String?, isList: Bool = false) throws(CommandFailure) {
      let answer = try ProfileInput.ask(question, standard: value ?? "")
      guard answer != value ?? "" else { return }
      let words = answer.split(whereSeparator: { $0 == "," || $0 == " " }).map { JSON.string(String($0)) }
      changes[member] = answer == "-" ? .null : isList ? .array(words) : .string(answer)
    }
    try ask("Base URL", "base_url", before.baseURL)
    try ask("AccessKey", "access_key", before.accessKey)
    try ask("user-id", "user_id", before.userID)
    try ask("Allowed grades and operations", "allow", before.allow.joined(separator: ", "), isList: true)
    try ask("Requests a second", "quota", before.quota.map(ProfileSettings.text))
    return changes
  }
}
