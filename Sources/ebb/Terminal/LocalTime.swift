import Foundation
import Journal
import Playbooks

/// Instants as people read them: on the wall clock of the project's zone. Documents for machines hold UTC.
struct LocalTime {
  private let zone: TimeZone

  /// Wall clocks of that zone.
  init(_ zone: TimeZone) { self.zone = zone }

  /// `2026-11-23 15:50:07`
  func text(_ instant: Milliseconds) -> String { String(wall(instant).prefix(19)) }

  /// `2026-11-23 15:50:07.250`, for what follows one another closely.
  func exact(_ instant: Milliseconds) -> String { String(wall(instant).prefix(23)) }

  /// `11-23 15:50`, where the year is plain.
  func short(_ instant: Milliseconds) -> String { String(wall(instant).dropFirst(5).prefix(11)) }

  private func wall(_ instant: Milliseconds) -> String {
    let offset = Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))) * 1000
    return InstantText.text(instant + offset).replacing("T", with: " ")
  }

  /// How long something took: `12ms`, `3.4s`, `2h05m`.
  static func span(_ milliseconds: Milliseconds) -> String {
    let span = max(0, milliseconds)
    switch span {
    case ..<1000: return "\(span)ms"
    case ..<60_000: return "\(span / 1000).\(span % 1000 / 100)s"
    case ..<3_600_000: return "\(span / 60_000)m" + padded(span / 1000 % 60) + "s"
    case ..<86_400_000: return "\(span / 3_600_000)h" + padded(span / 60_000 % 60) + "m"
    default: return "\(span / 86_400_000)d" + padded(span / 3_600_000 % 24) + "h"
    }
  }

  private static func padded(_ number: Milliseconds) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Configuration {
  /// The project's zone.
  func timeZone() throws(CommandFailure) -> TimeZone {
    guard let zone = TimeZone(identifier: zone.value) else {
      throw .configuration("there is no time zone \(zone.value)", hint: "zone: Asia/Shanghai")
    }
    return zone
  }
}
