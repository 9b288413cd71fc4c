public import JSON
public import Journal

/// How often a playbook may act on one subject: `{ every = "24h", times = 3 }`.
public struct SubjectPace: Hashable, Sendable {
  /// The least time from one act to the next, in milliseconds; nil for none.
  public var every: Milliseconds?
  /// The most acts in all, as far back as the store remembers; nil for no cap.
  public var times: Int?

  private static let form = #"{ every = "24h", times = 3 }"#

  /// Reads the guard as a header or `ebb.yaml` has it.
  public init(parsing value: JSON) throws(ParameterProblem) {
    guard let members = value.object, !members.isEmpty else {
      throw ParameterProblem("guards.same_subject must be a table", hint: Self.form)
    }
    for key in members.keys where !["every", "times"].contains(key) {
      throw .unknownField("guards.same_subject.\(key)", key, among: ["every", "times"])
    }
    if let given = members["every"] {
      guard let duration = given.string.flatMap(DurationText.milliseconds) ?? given.integer, duration > 0 else {
        throw ParameterProblem("guards.same_subject.every: \(given) is no duration", hint: Self.form)
      }
      every = duration
    }
    if let given = members["times"] {
      guard let count = given.integer, count >= 0, let times = Int(exactly: count) else {
        throw ParameterProblem("guards.same_subject.times: \(given) is no number of acts", hint: Self.form)
      }
      self.times = times
    }
  }

  /// The two together, the stricter of each holding.
  func tightened(by other: SubjectPace) -> SubjectPace {
    var pace = self
    if let longer = other.every { pace.every = max(every ?? longer, longer) }
    if let fewer = other.times { pace.times = min(times ?? fewer, fewer) }
    return pace
  }
}
