/// The days on which a schedule runs, by the dates of its zone's clock: public holidays left out, or a list of days only.
///
/// ```
/// # The National Day holidays of 2026
/// 2026-10-01..2026-10-07
/// 2026-12-31   # stocktaking
/// ```
///
/// A line that begins with `+` includes; where there is one, only included days count, less those that other lines
/// leave out.
public struct DayCalendar: Hashable, Sendable {
  /// The days that count, as days since 1970-01-01; nil for all.
  let included: DaySet?
  /// The days that do not.
  let excluded: DaySet

  /// Reads lines such as `2026-10-01`, `2026-10-01..2026-10-07` and `+ 2026-11-11`; `#` begins a comment.
  ///
  /// - Throws: A ``ScheduleProblem`` that names the line.
  public init(parsing text: String) throws(ScheduleProblem) {
    var (included, excluded): ([ClosedRange<Int>], [ClosedRange<Int>]) = ([], [])
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      var content = line.prefix { $0 != "#" }.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      let includes = content.first == "+"
      if includes { content = content.dropFirst() }
      let words = content.split(whereSeparator: \.isWhitespace)
      if words.isEmpty && !includes { continue }
      let range = try Self.range(words.joined(), line: index + 1)
      if includes { included.append(range) } else { excluded.append(range) }
    }
    self.included = included.isEmpty ? nil : DaySet(included)
    self.excluded = DaySet(excluded)
  }

  private static func range(_ text: String, line: Int) throws(ScheduleProblem) -> ClosedRange<Int> {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let first = ends.first.flatMap({ CivilDate($0) }),
      let last = ends.last.flatMap({ CivilDate($0) })
    else {
      throw ScheduleProblem(
        "line \(line) of the calendar: \(text.quoted) is no date", hint: "e.g. 2026-10-01, or 2026-10-01..2026-10-07")
    }
    guard first.dayNumber <= last.dayNumber else {
      throw ScheduleProblem(
        "line \(line) of the calendar: \(text.quoted) ends before it begins", hint: "write \(last)..\(first)")
    }
    return first.dayNumber...last.dayNumber
  }

  /// The first day that counts, from one on; nil where none is left.
  func firstDay(from day: Int) -> Int? {
    var day = day
    while true {
      if let included {
        guard let next = included.first(from: day) else { return nil }
        day = next
      }
      guard let end = excluded.end(at: day) else { return day }
      day = end + 1
    }
  }

  /// Whether a day counts.
  func contains(day: Int) -> Bool { firstDay(from: day) == day }

  /// In words, for a schedule's text: `except 7 days`, `on 12 days only`; nil where it leaves nothing out.
  var text: String? {
    func days(_ count: Int) -> String { count == 1 ? "1 day" : "\(count) days" }
    let parts = [
      included.map { "on \(days($0.count)) only" }, excluded.count == 0 ? nil : "except \(days(excluded.count))",
    ]
    let text = parts.compactMap(\.self).joined(separator: ", ")
    return text.isEmpty ? nil : text
  }
}
