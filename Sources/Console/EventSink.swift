public import JSON

/// Where events rest before they are acknowledged.
public protocol EventSink: Sendable {
  /// Stores an event unless its key is known; returns once it is durable.
  ///
  /// - Throws: where it could not be made durable. The callback is then not acknowledged, and comes again.
  func receive(_ event: IncomingEvent) async throws -> Reception
}

/// What became of an event that was handed to a sink.
public enum Reception: Hashable, Sendable {
  /// It was new, and is durable now.
  case stored
  /// Its key was known: it is durable already.
  case duplicate
}

/// A callback as it is stored.
public struct IncomingEvent: Hashable, Sendable {
  /// What makes it the same event as another: 64 hex digits (`CallbackEnvelope.key`).
  public let key: String
  /// The profile it came for.
  public let profile: String
  /// The event's id in the catalogue, e.g. `taobao.events.refundChanged`; nil where the type is not known.
  public let kind: String?
  /// The envelope's `messageType`.
  public let messageType: String?
  /// The envelope's `messagePlatform`: 0 for Taobao, 1 for 1688.
  public let platform: Int64?
  /// The id of the order or refund it is about; nil where the body has none, or the kind is not known.
  public let subject: String?
  /// The state that it says its subject is in; nil where it says none.
  public let says: String?
  /// When it was sent by the envelope's `timestamp`, in ms since 1970 UTC; nil where it has none.
  public let sent: Int64?
  /// What makes it a repetition of an event with another timestamp: 64 hex digits (`CallbackEnvelope.bodyDigest`).
  public let bodyDigest: String
  /// When it was received, in ms since 1970 UTC.
  public let received: Int64
  /// The whole envelope, exact, `messageBody` as an object.
  public let envelope: JSON

  /// An event of those parts.
  public init(
    key: String, profile: String, kind: String?, messageType: String?, platform: Int64?, subject: String? = nil,
    says: String? = nil, sent: Int64? = nil, bodyDigest: String, received: Int64, envelope: JSON
  ) {
    self.key = key
    self.profile = profile
    self.kind = kind
    self.messageType = messageType
    self.platform = platform
    self.subject = subject
    self.says = says
    self.sent = sent
    self.bodyDigest = bodyDigest
    self.received = received
    self.envelope = envelope
  }
}
