/// One request to a callback's URL, read to its end.
public struct CallbackRequest: Hashable, Sendable {
  /// The profile that the path names.
  public let profile: String
  /// Whether it is a POST.
  public let isPost: Bool
  /// The `Authorization` header; nil where there is none.
  public let authorization: String?
  /// The body as received.
  public let body: [UInt8]

  /// A request of those parts.
  public init(profile: String, isPost: Bool = true, authorization: String?, body: [UInt8]) {
    self.profile = profile
    self.isPost = isPost
    self.authorization = authorization
    self.body = body
  }
}

/// How much and how long a callback may take.
public struct CallbackLimits: Hashable, Sendable {
  /// Bytes of a body: 1 MB.
  public var body = 1 << 20
  /// From the body's last byte to the answer: 900 ms, since the vendor waits for 1000 (pandapon.md 3).
  public var deadline = Duration.milliseconds(900)
  /// Callbacks that wait for the store at once; more are refused, so that a store that hangs does not fill the memory.
  public var storing = 256
  /// From a connection's first moment to the end of its first request's headers.
  public var headerTime = Duration.seconds(5)
  /// From the end of the headers to the body's last byte.
  public var bodyTime = Duration.seconds(5)
  /// Between an answer and the end of the next request's headers; longer than a proxy keeps idle connections.
  public var idleTime = Duration.seconds(75)
  /// How long a refused sender has to read its answer before the connection is closed.
  public var lingerTime = Duration.milliseconds(500)
  /// Connections at once; more wait in the kernel's queue.
  public var connections = 512
  /// Bytes of bodies that all connections hold at once: 64 MB; who sends more is answered 503.
  public var bodies = 64 << 20
  /// How long requests in progress have when the listener stops.
  public var drainTime = Duration.seconds(5)

  /// The defaults.
  public init() {}
}
