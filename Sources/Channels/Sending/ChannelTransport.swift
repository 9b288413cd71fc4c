import Redaction

/// Carries one message to a service and its answer back.
public protocol ChannelTransport: Sendable {
  /// Sends the request once, follows no redirect, and reads the whole answer.
  func exchange(_ request: ChannelRequest) async throws(ChannelTransportError) -> ChannelAnswer
}

/// Why no answer came, and whether the message may have arrived all the same.
public struct ChannelTransportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, for a person; no address in it.
  public let description: String
  /// Whether not one byte of the message left.
  public let isNotSent: Bool

  private init(_ description: String, isNotSent: Bool) {
    self.description = redact(description)
    self.isNotSent = isNotSent
  }

  /// No connection came about.
  public static func notConnected(_ reason: String) -> Self { Self(reason, isNotSent: true) }
  /// The message may have left.
  public static func unanswered(_ reason: String) -> Self { Self(reason, isNotSent: false) }
}
