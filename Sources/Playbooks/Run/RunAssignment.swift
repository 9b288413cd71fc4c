public import Foundation
public import JSON
public import Journal
public import Lua

/// Everything that decides what a run does, fixed when it starts.
public struct RunAssignment: Sendable {
  public let id: RunID
  /// The script's text.
  public let source: [UInt8]
  /// The script's file as errors name it, e.g. `scripts/cancel_stale_refunds.lua`.
  public let file: String
  /// Where `require` looks besides the standard library; nil for nowhere.
  public let folder: URL?
  /// What the script says about itself; nil for a script without a header.
  public let header: Header?
  /// The parameters as given: by name, text from the command line or values of `ebb.yaml`.
  public let parameters: JSONObject
  /// The shop it runs for.
  public let profile: String
  /// The guards that hold: the header's, tightened by the configuration.
  public let guards: Guards
  /// The event that started it, or nil.
  public let event: JSON?
  public let trigger: Trigger
  /// The project's zone: what `os.date` shows.
  public let zone: TimeZone
  public var limits: LuaLimits
  /// The most steps it may take (G5).
  public var maximumSteps = 100_000
  /// The longest it may be awake, in milliseconds (G5): waits do not count.
  public var maximumAwake: Milliseconds = 24 * 60 * 60 * 1000

  /// A run of that script.
  ///
  /// - Throws: ``ParameterProblem`` where the parameters do not fit the header, or the header does not allow the profile.
  public init(
    id: RunID, source: [UInt8], file: String, folder: URL?, header: Header?, parameters: JSONObject = [:],
    profile: String, guards: Guards = Guards(), event: JSON? = nil, trigger: Trigger = .manual,
    zone: TimeZone = .gmt, limits: LuaLimits = LuaLimits()
  ) throws(ParameterProblem) {
    self.id = id
    self.source = source
    self.file = file
    self.folder = folder
    self.header = header
    self.profile = profile
    self.guards = header?.guards.tightened(by: guards) ?? guards
    self.event = event
    self.trigger = trigger
    self.zone = zone
    self.limits = limits
    if let allowed = header?.profiles, !allowed.contains(profile) {
      throw ParameterProblem(
        "\(header?.name ?? file) may not run for \(profile)",
        hint: "its header names \(allowed.joined(separator: ", "))")
    }
    self.parameters = try header?.values(given: parameters) ?? parameters
  }

  /// The playbook's name: its header's, or its file's.
  public var name: String {
    header?.name ?? (file.split(separator: "/").last.map { String($0.replacing(".lua", with: "")) } ?? file)
  }
}
