public import Journal

/// Whether and how the messages of a run leave.
public enum NoticeAccess: Sendable {
  case live(any Notifier)
  /// They are listed and not sent; nothing that could send them is there (G10).
  case listed(any NoticeDirectory)
  /// There are no channels: every message is for one that is not configured. In a plan it is listed all the same.
  case none
}

/// Knows the channels by name.
public protocol NoticeDirectory: Sendable {
  /// The names of all channels; nil where they cannot be had at present.
  func channels() async -> [String]?
}

/// Sends the messages of runs; whoever composes a run brings one.
public protocol Notifier: NoticeDirectory {
  /// Asks whether a message may leave over a channel now, at its service's pace; where it may, it counts.
  func admit(to channel: String) async -> NoticeAdmission

  /// Sends a message that was admitted, once.
  func send(_ notice: OutgoingNotice) async -> NoticeOutcome
}

/// Whether a message may leave.
public enum NoticeAdmission: Hashable, Sendable {
  case granted
  /// Not before that instant.
  case later(Milliseconds)
  /// There is no such channel; those that there are.
  case unknown([String])
  /// Channels cannot be had: why.
  case closed(String)
}

/// What became of sending a message once.
public enum NoticeOutcome: Hashable, Sendable {
  /// The service took it; whether it had to be cut.
  case delivered(isCut: Bool)
  /// The service will not take it: what it says.
  case refused(String)
  /// It certainly did not arrive: why, and when to try again, where that is known.
  case notSent(String, retryAt: Milliseconds?)
  /// It may have arrived: why that is not known.
  case unclear(String)
}
