public import Foundation
public import JSON
public import Journal

/// Hours of the day in which nothing is written: `23:00-08:00`, across midnight where they end earlier than they begin.
///
/// They are hours of a wall clock: where the zone's clock is put forward over their end they are over at once, and where
/// it is put back into them they are not over yet.
public struct QuietHours: Hashable, Sendable {
  /// When they begin, in minutes since midnight.
  public let start: Int
  /// When they are over, in minutes since midnight.
  public let end: Int
  /// Whose clock it is; nil for the project's zone.
  public let zone: TimeZone?

  private static let form = #"write "23:00-08:00", or { hours = "23:00-08:00", zone = "Asia/Shanghai" }"#

  /// Reads the guard as a header or `ebb.yaml` has it.
  public init(parsing value: JSON) throws(ParameterProblem) {
    guard let members = value.object else {
      try self.init(text: value.string ?? value.text(), zone: nil)
      return
    }
    for key in members.keys where !["hours", "zone"].contains(key) {
      throw .unknownField("guards.quiet_hours.\(key)", key, among: ["hours", "zone"])
    }
    let zone = try members["zone"].map { value throws(ParameterProblem) in
      guard let zone = value.string.flatMap(TimeZone.init(identifier:)) else {
        throw ParameterProblem("guards.quiet_hours: there is no zone \(value)", hint: "e.g. Asia/Shanghai")
      }
      return zone
    }
    guard let hours = members["hours"]?.string else {
      throw ParameterProblem("guards.quiet_hours: hours are missing", hint: Self.form)
    }
    try self.init(text: hours, zone: zone)
  }

  /// The form that is read.
  var json: JSON {
    let hours: JSON = .string("\(Self.text(start))-\(Self.text(end))")
    return zone.map { ["hours": hours, "zone": .string($0.identifier)] } ?? hours
  }

  private init(text: String, zone: TimeZone?) throws(ParameterProblem) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(\.trimmed)
    guard parts.count == 2, let start = Self.minutes(parts[0]), let end = Self.minutes(parts[1]) else {
      throw ParameterProblem("guards.quiet_hours: \"\(text)\" are no hours", hint: Self.form)
    }
    guard start < Self.day, start != end % Self.day else {
      throw ParameterProblem(
        "guards.quiet_hours: \"\(text)\" leaves no time to write, or takes none away", hint: Self.form)
    }
    self.start = start
    self.end = end % Self.day
    self.zone = zone
  }

  private static let day = 24 * 60

  private static func minutes(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isASCIIDigit) }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), parts[1].count == 2, minutes < 60
    else { return nil }
    let time = hours * 60 + minutes
    return time <= day ? time : nil
  }

  /// When the quiet hours that hold at that instant are over; nil where none hold.
  ///
  /// - Parameter project: the zone of those that name none.
  public func end(from instant: Milliseconds, in project: TimeZone) -> Milliseconds? {
    let zone = zone ?? project
    var now = instant
    // Each turn ends at the end of the hours or at a change of the zone's clock; there are few of those in a day.
    for _ in 0..<8 {
      let time = Self.time(of: now, in: zone)
      guard isQuiet(at: time) else { return now == instant ? nil : now }
      let rest = (Milliseconds(end) * 60_000 - time + Self.dayLength) % Self.dayLength
      let candidate = now + rest
      guard let change = Self.change(of: zone, from: now, to: candidate) else { return candidate }
      now = change
    }
    return now
  }

  private static let dayLength: Milliseconds = 24 * 60 * 60 * 1000

  /// The time of day that the zone's clock shows, in milliseconds since midnight.
  private static func time(of instant: Milliseconds, in zone: TimeZone) -> Milliseconds {
    let local = instant + offset(of: zone, at: instant)
    return ((local % dayLength) + dayLength) % dayLength
  }

  private func isQuiet(at time: Milliseconds) -> Bool {
    let (start, end) = (Milliseconds(start) * 60_000, Milliseconds(end) * 60_000)
    return start < end ? start <= time && time < end : start <= time || time < end
  }

  private static func offset(of zone: TimeZone, at instant: Milliseconds) -> Milliseconds {
    Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))) * 1000
  }

  /// The first instant after one and up to another at which the zone's clock is put forward or back.
  private static func change(of zone: TimeZone, from: Milliseconds, to: Milliseconds) -> Milliseconds? {
    let before = offset(of: zone, at: from)
    guard offset(of: zone, at: to) != before else { return nil }
    var (low, high) = (from, to)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(of: zone, at: middle) == before { low = middle } else { high = middle }
    }
    return high
  }
}

extension QuietHours: CustomStringConvertible {
  /// As they are written: `23:00-08:00`, with the zone where they name one.
  public var description: String {
    "\(Self.text(start))-\(Self.text(end))" + (zone.map { " \($0.identifier)" } ?? "")
  }

  private static func text(_ minutes: Int) -> String {
    [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
