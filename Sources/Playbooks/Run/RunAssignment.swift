public import Foundation
public import JSON
public import Journal
public import Lua

/// Everything that decides what a run does, fixed when it starts.
public struct RunAssignment: Sendable {
  public let id: RunID
  /// The playbook and all it requires: what the run executes, whatever the files say later (G3).
  public let version: PlaybookVersion
  /// What the script says about itself; nil for a script without a header.
  @Boxed public var header: Header?
  /// The parameters as the script sees them.
  public let parameters: JSONObject
  /// The shop it runs for.
  public let profile: String
  /// The guards that hold: the header's, tightened by the configuration.
  @Boxed public var guards: Guards
  /// The event that started it, or nil.
  public let event: JSON?
  public let trigger: Trigger
  /// Who or what started it: OS user and host, or the name given with `--as`.
  public let by: String
  /// The tags of subjects when it started, by id.
  public let tags: JSON
  /// The project's zone: what `os.date` shows.
  public let zone: TimeZone
  public var limits: LuaLimits
  /// The most steps it may take (G5).
  public var maximumSteps = 100_000
  /// The longest it may be awake, in milliseconds (G5): waits do not count.
  public var maximumAwake: Milliseconds = 24 * 60 * 60 * 1000

  /// A run of that version.
  ///
  /// - Parameters:
  ///   - id: given by the caller: starting the same id twice starts one run (G14).
  ///   - parameters: as given: by name, text from the command line or values of `ebb.yaml`.
  /// - Throws: ``ParameterProblem`` where the parameters do not fit the header, or the header does not allow the profile.
  public init(
    id: RunID, version: PlaybookVersion, header: Header?, parameters: JSONObject = [:], profile: String,
    guards: Guards = Guards(), event: JSON? = nil, trigger: Trigger = .manual, by: String = "", tags: JSON = [:],
    zone: TimeZone = .gmt, limits: LuaLimits = LuaLimits()
  ) throws(ParameterProblem) {
    if let allowed = header?.profiles, !allowed.contains(profile) {
      throw ParameterProblem(
        "\(header?.name ?? version.playbook.path) may not run for \(profile)",
        hint: "its header names \(allowed.joined(separator: ", "))")
    }
    self.id = id
    self.version = version
    _header = Boxed(wrappedValue: header)
    self.parameters = try header?.values(given: parameters) ?? parameters
    self.profile = profile
    _guards = Boxed(wrappedValue: header?.guards.tightened(by: guards) ?? guards)
    self.event = event
    self.trigger = trigger
    self.by = by
    self.tags = tags
    self.zone = zone
    self.limits = limits
  }

  /// A recorded run, as it was started: all that its script can observe comes from the record and its version.
  ///
  /// - Parameters:
  ///   - header: what the version's playbook says about itself.
  ///   - guards: those of the configuration, which may have become stricter since.
  public init(resuming record: RunRecord, version: PlaybookVersion, header: Header?, guards: Guards = Guards()) {
    id = record.id
    self.version = version
    _header = Boxed(wrappedValue: header)
    parameters = record.parameters.object ?? [:]
    profile = record.profile
    _guards = Boxed(wrappedValue: header?.guards.tightened(by: guards) ?? guards)
    event = record.event.isNull ? nil : record.event
    trigger = record.trigger
    by = record.by
    tags = record.tags
    zone = TimeZone(identifier: record.zone) ?? .gmt
    limits = LuaLimits()
  }

  /// The playbook's name: its header's, or its file's.
  public var name: String {
    let file = version.playbook.path
    return header?.name ?? (file.split(separator: "/").last.map { String($0.replacing(".lua", with: "")) } ?? file)
  }

  /// The run as it is recorded when it starts.
  func record(at instant: Milliseconds) -> RunRecord {
    RunRecord(
      id: id, playbook: name, version: version.id, profile: profile, trigger: trigger, by: by,
      parameters: .object(parameters), event: event ?? .null, tags: tags, zone: zone.identifier, started: instant,
      status: .running)
  }
}
