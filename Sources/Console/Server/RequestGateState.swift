/// Why a connection is ended before its request was answered.
enum GateRefusal: String, Hashable, Sendable {
  /// The headers took too long.
  case slowHeaders = "slow_headers"
  /// The body took too long.
  case slowBody = "slow_body"
  /// The body is larger than the limit.
  case tooLarge = "too_large"
  /// All connections together hold as many bytes as they may.
  case overloaded
  /// No further request came.
  case idle
}

/// Where a connection stands, as a value: what each event changes and what is to be done about it.
///
/// Times are limits on the whole of the headers and the whole of the body, not on pauses between bytes: a sender that
/// trickles a byte a second is ended like one that sends nothing.
struct RequestGateState: Hashable, Sendable {
  let limits: CallbackLimits

  private enum Phase: Hashable, Sendable {
    case waiting(isFirst: Bool)
    case reading(bytes: Int)
    case answering
    case refused
  }
  private var phase = Phase.waiting(isFirst: true)

  init(limits: CallbackLimits) {
    self.limits = limits
  }

  /// What a connection is to do.
  enum Action: Hashable, Sendable {
    /// Pass on what came; a time limit, where one begins here.
    case pass(Duration?)
    /// Pass on what came; no time limit holds.
    case passUntimed
    /// Drop what came.
    case drop
    /// Answer 413 or 503 and read no further.
    case refuse(GateRefusal)
    /// Close the connection.
    case close(GateRefusal)
  }

  /// Whether more is to be read from the peer.
  var reads: Bool { phase != .refused }

  /// The connection begins.
  func opened() -> Duration { limits.headerTime }

  /// Headers are complete.
  mutating func head(contentLength: Int?) -> Action {
    guard phase != .refused else { return .drop }
    if let contentLength, contentLength > limits.body { return refuse(.tooLarge) }
    phase = .reading(bytes: 0)
    return .pass(limits.bodyTime)
  }

  /// A part of a body came.
  mutating func body(count: Int) -> Action {
    guard case .reading(let bytes) = phase else { return .drop }
    guard bytes + count <= limits.body else { return refuse(.tooLarge) }
    phase = .reading(bytes: bytes + count)
    return .pass(nil)
  }

  /// A part of a body came for which there is no room.
  mutating func noRoom() -> Action {
    guard case .reading = phase else { return .drop }
    return refuse(.overloaded)
  }

  /// The request is complete.
  mutating func end() -> Action {
    guard case .reading = phase else { return .drop }
    phase = .answering
    return .passUntimed
  }

  /// An answer was written to its end.
  mutating func answered() -> Action {
    // An answer may come before the request's end (an unknown profile): then the body's limit still holds.
    guard phase == .answering else { return .pass(nil) }
    phase = .waiting(isFirst: false)
    return .pass(limits.idleTime)
  }

  /// A time limit passed.
  mutating func timedOut() -> Action {
    switch phase {
    case .waiting(let isFirst): .close(isFirst ? .slowHeaders : .idle)
    case .reading: .close(.slowBody)
    case .refused: .close(.idle)
    case .answering: .pass(nil)
    }
  }

  private mutating func refuse(_ reason: GateRefusal) -> Action {
    phase = .refused
    return .refuse(reason)
  }
}
