import Foundation
import Journal

/// A message on its way out of a run: a notice, with what makes it one of its own.
public struct OutgoingNotice: Hashable, Sendable {
  /// The run and the step: the same when it is sent again.
  public let id: String
  public let notice: Notice
  /// The subjects, a line each: id, title, amount, and the deadline in the project's zone.
  public let lines: [String]
  /// Whether it may have arrived before; the message has to say so.
  public let isRepeated: Bool

  init(_ notice: Notice, at path: StepPath, of run: RunID, zone: TimeZone, isRepeated: Bool) {
    id = "\(run):\(path)"
    self.notice = notice
    self.isRepeated = isRepeated
    lines = notice.subjects.map { line in
      let deadline = line.deadline.map { instant in
        let seconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))
        let wall = InstantText.text(instant + Milliseconds(seconds) * 1000)
        return "⏱ " + wall.prefix(16).replacing("T", with: " ")
      }
      return [line.subject, line.title, line.amount?.description, deadline].compactMap(\.self)
        .joined(separator: " · ")
    }
  }
}
