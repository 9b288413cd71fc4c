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
  /// The guards that hold: the header's, tightened by the configuration's of the playbook and of the profile.
  @Boxed public var guards: Guards
  /// What all playbooks of the profile may write together in a day.
  let profileDay: WritePolicy.ProfileDay
  /// The event that started it, or nil.
  public let event: JSON?
  public let trigger: Trigger
  /// Who or what started it: OS user and host, or the name given with `--as`.
  public let by: String
  /// The tags of subjects when it started, by id.
  public var tags: JSON
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
  ///   - guards: what the configuration says of the playbook; it can only tighten the header's.
  ///   - profileGuards: what it says of the profile: they hold for each of its playbooks, and their caps for a day for all
  ///     of them together.
  ///   - sheets: where the sheets of `rows` parameters are looked for.
  /// - Throws: ``ParameterProblem`` where the parameters do not fit the header, or the header does not allow the profile.
  public init(
    id: RunID, version: PlaybookVersion, header: Header?, parameters: JSONObject = [:], profile: String,
    guards: Guards = Guards(), profileGuards: Guards = Guards(), event: JSON? = nil, trigger: Trigger = .manual,
    by: String = "", tags: JSON = [:],
    zone: TimeZone = .gmt, sheets: SheetFolder = SheetFolder(nil), limits: LuaLimits = LuaLimits()
  ) throws(ParameterProblem) {
    if let allowed = header?.profiles, !allowed.contains(profile) {
      throw ParameterProblem(
        "\(header?.name ?? version.playbook.path) may not run for \(profile)",
        hint: "its header names \(allowed.joined(separator: ", "))")
    }
    self.id = id
    self.version = version
    _header = Boxed(wrappedValue: header)
    self.parameters = try header?.values(given: parameters, sheets: sheets) ?? parameters
    self.profile = profile
    let combined = Self.combined(header, guards, profileGuards)
    _guards = Boxed(wrappedValue: combined.0)
    profileDay = combined.1
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
  ///   - guards: those of the configuration, as it is now.
  ///   - profileGuards: those of the configuration for all playbooks of the profile.
  /// - Throws: ``ParameterProblem`` where the recorded guards cannot be read.
  public init(
    resuming record: RunRecord, version: PlaybookVersion, header: Header?, guards: Guards = Guards(),
    profileGuards: Guards = Guards()
  ) throws(ParameterProblem) {
    id = record.id
    self.version = version
    _header = Boxed(wrappedValue: header)
    parameters = record.parameters.object ?? [:]
    profile = record.profile
    let recorded = try Guards(parsing: record.guards)
    let combined = Self.combined(header, guards, profileGuards)
    // What the configuration says now holds: a cap that was raised lets a run go on that waits for a budget.
    var held = combined.0
    // A script sees that it was stopped: a replay must see the same.
    held.stopAfter = recorded.stopAfter
    _guards = Boxed(wrappedValue: held)
    profileDay = combined.1
    event = record.event.isNull ? JSON?.none : record.event
    trigger = record.trigger
    by = record.by
    tags = record.tags
    zone = TimeZone(identifier: record.zone) ?? .gmt
    limits = LuaLimits()
  }

  /// The guards that hold for the run, and what the profile's caps of a day leave to all its playbooks together.
  private static func combined(
    _ header: Header?, _ guards: Guards, _ profileGuards: Guards
  ) -> (Guards, WritePolicy.ProfileDay) {
    var shared = profileGuards
    let day = WritePolicy.ProfileDay(writes: shared.maxWrites.day, amount: shared.maxAmount.day)
    shared.maxWrites.day = nil
    shared.maxAmount.day = nil
    return ((header?.guards.tightened(by: guards) ?? guards).tightened(by: shared), day)
  }

  /// The playbook's name: its header's, or its file's.
  public var name: String {
    let file = version.playbook.path
    return header?.name ?? (file.split(separator: "/").last.map { String($0.replacing(".lua", with: "")) } ?? file)
  }

  /// The run as it is recorded when it starts.
  ///
  /// - Parameter status: `queued` for one that whoever comes first is to begin.
  public func record(at instant: Milliseconds, as status: RunStatus = .running) -> RunRecord {
    RunRecord(
      id: id, playbook: name, version: version.id, profile: profile, trigger: trigger, by: by,
      parameters: .object(parameters), event: event ?? .null, tags: tags, guards: guards.json, zone: zone.identifier,
      started: instant, status: status)
  }
}
