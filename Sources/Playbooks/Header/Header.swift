public import JSON

/// What a playbook says about itself in its first statement, `playbook{…}`.
public struct Header: Hashable, Sendable {
  /// The generation of the language; the newest where missing.
  public let generation: Int
  public let name: String
  public let title: String
  /// The shops it may run for; nil for all.
  public let profiles: [String]?
  public let parameters: [Parameter]
  public let guards: Guards
  /// The schedule as written: a proposal until it is enabled.
  public let schedule: JSON?
  /// The events it asks for, as ids of the catalogue.
  public let events: [String]
  /// Whether also a run by hand stops with its plan.
  public let isPlanFirst: Bool

  /// The newest generation of the language that this Ebb knows.
  public static let newestGeneration = 1

  private static let fields = [
    "ebb", "name", "title", "profiles", "params", "guards", "schedule", "on", "mode", "description",
  ]

  /// Reads the table that a script gave to `playbook`.
  ///
  /// - Parameter fileName: the file's name without `.lua`, the playbook's name where the header has none.
  public init(parsing value: JSON, fileName: String) throws(ParameterProblem) {
    guard let members = value.object else { throw ParameterProblem("playbook takes a table of fields") }
    for key in members.keys where !Self.fields.contains(key) {
      throw .unknownField("playbook.\(key)", key, among: Self.fields)
    }
    generation = Int(members["ebb"]?.integer ?? Int64(Self.newestGeneration))
    guard generation >= 1, generation <= Self.newestGeneration else {
      throw ParameterProblem(
        "playbook.ebb: this Ebb knows the language up to \(Self.newestGeneration), not \(generation)",
        hint: "run it with a newer Ebb")
    }
    name = members["name"]?.string ?? fileName
    title = members["title"]?.string ?? name
    profiles = try Self.profiles(members["profiles"])
    guards = try members["guards"].map { value throws(ParameterProblem) in try Guards(parsing: value) } ?? Guards()
    schedule = try Self.schedule(members["schedule"])
    events = try Self.events(members["on"])
    switch members["mode"]?.string {
    case nil: isPlanFirst = false
    case "plan-first": isPlanFirst = true
    case .some(let word): throw ParameterProblem("playbook.mode: \"\(word)\" is not known", hint: "\"plan-first\"")
    }
    guard let declared = members["params"] else {
      parameters = []
      return
    }
    guard let entries = declared.object ?? (declared == .array([]) ? [:] : nil) else {
      throw ParameterProblem("playbook.params must be a table of named parameters")
    }
    parameters = try entries.sorted { $0.key < $1.key }.map { entry throws(ParameterProblem) in
      try Parameter(name: entry.key, header: entry.value)
    }
  }

  /// What the table says is for whoever keeps schedules.
  private static func schedule(_ value: JSON?) throws(ParameterProblem) -> JSON? {
    guard let value, !value.isNull else { return nil }
    guard value.object != nil else {
      throw ParameterProblem(
        "playbook.schedule must be a table", hint: "schedule = { cron = \"30 9 * * *\", zone = \"Asia/Shanghai\" }")
    }
    return value
  }

  private static func events(_ value: JSON?) throws(ParameterProblem) -> [String] {
    guard let value, !value.isNull, value != [:] else { return [] }
    let kinds = value.array?.compactMap(\.string)
    guard let kinds, kinds.count == value.array?.count else {
      throw ParameterProblem(
        "playbook.on must be a list of events", hint: "on = { \"taobao.events.refundChanged\" }")
    }
    return kinds
  }

  private static func profiles(_ value: JSON?) throws(ParameterProblem) -> [String]? {
    switch value {
    case nil, .some(.string("all")): return nil
    case .some(.array(let names)): return names.compactMap(\.string)
    default: throw ParameterProblem("playbook.profiles must be a list of profiles or \"all\"")
    }
  }

  /// Whether some of a run's parameters fit the header; what is missing may come from elsewhere.
  ///
  /// - Throws: ``ParameterProblem`` for an unknown name or a wrong value.
  public func check(_ given: JSONObject) throws(ParameterProblem) {
    let known = parameters.map(\.name)
    for (name, value) in given {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw .unknownField("params.\(name)", name, among: known)
      }
      _ = try parameter.value(value)
    }
  }

  /// Types the values given for a run; defaults fill what is missing, and sheets are read.
  ///
  /// - Parameter sheets: where the sheets of `rows` are looked for.
  /// - Throws: ``ParameterProblem`` for an unknown name, a wrong value, or a required one that is missing.
  public func values(given: JSONObject, sheets: SheetFolder = SheetFolder(nil)) throws(ParameterProblem) -> JSONObject {
    let known = parameters.map(\.name)
    for name in given.keys where !known.contains(name) {
      throw .unknownField("--param \(name)", name, among: known)
    }
    var values = JSONObject()
    for parameter in parameters {
      if let value = given[parameter.name] {
        values[parameter.name] = try parameter.value(value, from: sheets, namedBy: .person)
      } else if let fallback = parameter.fallback {
        values[parameter.name] =
          parameter.kind == .rows ? try parameter.value(fallback, from: sheets, namedBy: .playbook) : fallback
      } else if parameter.isRequired {
        throw ParameterProblem(
          "the parameter \(parameter.name) is required",
          hint: "--param \(parameter.name)=… (\(parameter.kind.rawValue))")
      }
    }
    return values
  }
}
