import Redaction

/// Why an exchange brought no answer, and whether the request may have taken effect all the same.
///
/// The line between the two is drawn at the first byte that may have left: a name that does not resolve, a refused
/// connection, a failed TLS handshake and a request that never got a connection were not sent; everything after that is
/// unknown.
public struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: String, Sendable {
    case nameUnresolved = "dns"
    case connectionFailed = "connect"
    case connectionTimeout = "connect_timeout"
    case encryptionFailed = "tls"
    case noConnection = "pool_timeout"
    case unsendable = "unsendable"
    case timeout = "timeout"
    case connectionLost = "connection_lost"
    case answerTooLarge = "answer_too_large"
    case cancelled = "cancelled"
    case unclear = "transport"
  }
  private let code: Code
  private let detail: String
  /// Whether not one byte of the request left: it certainly took no effect.
  public let isNotSent: Bool

  private init(_ code: Code, _ detail: String = "", isNotSent: Bool) {
    self.code = code
    self.detail = redact(detail)
    self.isNotSent = isNotSent
  }

  /// The host's name has no address.
  public static func nameUnresolved(_ host: String) -> Self { Self(.nameUnresolved, host, isNotSent: true) }
  /// No address of the host took a connection.
  public static func connectionFailed(_ detail: String) -> Self { Self(.connectionFailed, detail, isNotSent: true) }
  /// No connection came about in time.
  public static let connectionTimeout = Self(.connectionTimeout, isNotSent: true)
  /// The certificate was not good, or the other side does not speak TLS.
  public static func encryptionFailed(_ detail: String) -> Self { Self(.encryptionFailed, detail, isNotSent: true) }
  /// All connections were busy for too long.
  public static let noConnection = Self(.noConnection, isNotSent: true)
  /// The request cannot be expressed in HTTP.
  public static func unsendable(_ detail: String) -> Self { Self(.unsendable, detail, isNotSent: true) }
  /// No complete answer came in time.
  public static let timeout = Self(.timeout, isNotSent: false)
  /// The connection broke before the answer was complete.
  public static let connectionLost = Self(.connectionLost, isNotSent: false)
  /// The answer is larger than the limit, in bytes; the rest was not read.
  public static func answerTooLarge(limit: Int) -> Self {
    Self(.answerTooLarge, "\(limit / 1_000_000) MB", isNotSent: false)
  }
  /// The task was cancelled while the request was on its way.
  public static let cancelled = Self(.cancelled, isNotSent: false)
  /// The task was cancelled before anything was sent.
  public static let cancelledBeforeSending = Self(.cancelled, isNotSent: true)
  /// Something else went wrong; whether the request left is not known.
  public static func unclear(_ detail: String) -> Self { Self(.unclear, detail, isNotSent: false) }

  /// Whether trying again may help: not where the answer is too large, the certificate not trusted, the request
  /// unsendable, or the task cancelled.
  public var isTransient: Bool {
    switch code {
    case .answerTooLarge, .encryptionFailed, .unsendable, .cancelled: false
    case .nameUnresolved, .connectionFailed, .connectionTimeout, .noConnection, .timeout,
      .connectionLost, .unclear:
      true
    }
  }

  /// Whether the task was cancelled.
  public var isCancellation: Bool { code == .cancelled }

  /// What went wrong, for a person.
  public var description: String {
    switch code {
    case .nameUnresolved: "the name \(detail) has no address"
    case .connectionFailed: "no connection: \(detail)"
    case .connectionTimeout: "no connection within the time allowed"
    case .encryptionFailed: "no trusted encrypted connection: \(detail)"
    case .noConnection: "all connections were busy for too long"
    case .unsendable: "the request cannot be sent: \(detail)"
    case .timeout: "no complete answer within the time allowed"
    case .connectionLost: "the connection broke before the answer was complete"
    case .answerTooLarge: "the answer is larger than \(detail), the most that is read"
    case .cancelled: "cancelled"
    case .unclear: "the exchange failed: \(detail)"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .nameUnresolved: "check the base URL (EBB_BASE_URL) and this machine's name service"
    case .connectionFailed, .connectionTimeout:
      "check the base URL (EBB_BASE_URL), the network, and that the other side runs"
    case .encryptionFailed:
      "certificates are always verified: check the base URL, this machine's clock, and what stands between it and the API"
    case .noConnection: "lower the concurrency, or raise the number of connections"
    case .unsendable: "check the profile's values: no line breaks or control characters"
    case .timeout, .connectionLost, .unclear: "check the network; the request may have arrived all the same"
    case .answerTooLarge: "ask for less at once (a smaller page), or check that the base URL is the API's"
    case .cancelled: "run it again"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String { code.rawValue }
}
