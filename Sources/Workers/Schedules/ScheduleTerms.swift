public import JSON
public import Journal
import Playbooks
public import Scheduling

/// What a schedule says: when, in which zone, and what happens where it cannot be kept. As a header writes it, as
/// `ebb schedule add` does, and as the store keeps it.
public struct ScheduleTerms: Hashable, Sendable {
  public let timetable: Timetable
  /// Where an earlier run still goes on (G15).
  public let overlap: DueOccurrence.Overlap
  public let reckoning: Reckoning
  /// The most that a run begins later than its occurrence, each by a time of its own, in milliseconds: so that a hundred
  /// shops do not ask at the same second.
  public let jitter: Milliseconds
  /// What each run is given, by parameter; untyped.
  public let parameters: JSONObject
  /// As it was written.
  public let json: JSON

  private static let fields = [
    "cron", "every", "at", "zone", "overlap", "misfire", "jitter", "window", "cap", "days", "params", "anchor",
  ]

  /// Reads a schedule.
  ///
  /// - Parameters:
  ///   - json: the fields of a header's `schedule`, and for those that people add `params`, `days` and `anchor`.
  ///   - zone: the project's, where it names none.
  ///   - days: what a file of days says, by its path; a path that is not there is a problem.
  /// - Throws: ``ScheduleProblem``.
  public init(
    _ json: JSON, zone: String,
    days: (String) throws(ScheduleProblem) -> String = { path throws(ScheduleProblem) in
      throw ScheduleProblem("the days in \(path) cannot be read")
    }
  ) throws(ScheduleProblem) {
    guard let fields = json.object else {
      throw ScheduleProblem(
        "schedule is no table", hint: "schedule = { cron = \"30 9 * * *\", zone = \"Asia/Shanghai\" }")
    }
    for key in fields.keys where !Self.fields.contains(key) {
      throw ScheduleProblem("schedule.\(key) is not known", hint: "known are \(Self.fields.joined(separator: ", "))")
    }
    func text(_ key: String) throws(ScheduleProblem) -> String? {
      guard let value = fields[key], !value.isNull else { return nil }
      guard let text = value.scalarText else { throw ScheduleProblem("schedule.\(key) must be text") }
      return text
    }
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ fallback: Word) throws(ScheduleProblem) -> Word
    where Word.RawValue == String {
      guard let text = try text(key) else { return fallback }
      guard let word = Word(rawValue: text) else {
        throw ScheduleProblem(
          "schedule.\(key): \"\(text)\" is not known",
          hint: "known are \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return word
    }
    func duration(_ key: String, _ fallback: Milliseconds) throws(ScheduleProblem) -> Milliseconds {
      guard let text = try text(key) else { return fallback }
      return try Interval(parsing: text, anchor: 0).length
    }
    let calendar: DayCalendar?
    if let path = try text("days") { calendar = try DayCalendar(parsing: try days(path)) } else { calendar = nil }
    timetable = try Timetable(
      try Self.rule(cron: text("cron"), every: text("every"), at: text("at"), anchor: fields["anchor"]?.integer ?? 0),
      zone: try Zone(try text("zone") ?? zone), days: calendar)
    overlap = try word("overlap", .skip)
    var reckoning = Reckoning(misfire: try word("misfire", Misfire.last))
    reckoning.window = try duration("window", reckoning.window)
    if let cap = fields["cap"]?.integer, cap > 0 { reckoning.cap = Int(cap) }
    jitter = try duration("jitter", 0)
    // Nothing is late that is put off on purpose.
    reckoning.grace += jitter
    self.reckoning = reckoning
    parameters = fields["params"]?.object ?? [:]
    self.json = json
  }

  private static func rule(
    cron: String?, every: String?, at: String?, anchor: Milliseconds
  ) throws(ScheduleProblem) -> Timetable.Rule {
    switch (cron, every, at) {
    case (let cron?, nil, nil): return .cron(try CronExpression(parsing: cron))
    case (nil, let every?, nil): return .every(try Interval(parsing: every, anchor: anchor))
    case (nil, nil, let at?):
      guard let instant = InstantText.milliseconds(at) else {
        throw ScheduleProblem("schedule.at: \"\(at)\" is no instant", hint: "at = \"2026-12-24T08:00:00+08:00\"")
      }
      return .once(instant)
    case (nil, nil, nil): throw ScheduleProblem("schedule says no time", hint: "cron, every or at")
    default: throw ScheduleProblem("schedule says more than one of cron, every and at")
    }
  }

  /// How much later than its instant an occurrence of that schedule is looked at; the same each time it is asked.
  func delay(of instant: Milliseconds, in schedule: ScheduleKey) -> Milliseconds {
    guard jitter > 0 else { return 0 }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(schedule.name)\n\(schedule.profile)\n\(instant)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return Milliseconds(hash % UInt64(jitter))
  }
}
