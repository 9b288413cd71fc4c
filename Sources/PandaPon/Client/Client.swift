public import Catalogue
public import Logging

/// What can ask the API without changing anything. A plan is given this and nothing else.
public protocol Reader: Sendable {
  /// Sends a read; repeats it where that may help.
  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome
}

/// What can change something through the API.
public protocol Writer: Sendable {
  /// Sends a write, at most once as far as can be known.
  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome
}

/// The client of one profile: signs, sends, repeats what may be repeated, and classes every outcome.
///
/// A read is repeated with jittered, doubling waits after anything that may pass: no connection, a timeout, a broken
/// connection, a 5xx, an unreadable answer, 429. A write is repeated only after 429, by status or by code, which means
/// "not executed" (decisions.md, "Effects"); each attempt has a new nonce and timestamp. After 401 it is sent again, signed
/// with credentials that were not refused yet, where the source has some; else it is returned as not executed, with the
/// ways out. A `Retry-After` over 30 s is returned to the caller.
///
/// It never throws and never waits for ever: attempts, each exchange and the whole are bounded by the profile.
/// Cancelling the task ends waits and reads at once; a write that is on its way is waited for.
public struct Client: Reader, Writer {
  /// What it may ask: the same account, the same quota, and no way to write.
  public let reader: ReadingClient

  /// A client of these parts.
  ///
  /// - Parameters:
  ///   - quota: nil for one of this process, by the profile's limit.
  ///   - logger: told of every attempt at debug level, of waits at info; never of arguments, answers or secrets.
  ///   - observer: told of every attempt that left, for metrics.
  public init(
    profile: Profile, credentials: any CredentialSource, transport: any Transport, quota: (any Quota)? = nil,
    surroundings: Surroundings = .live, logger: Logger = Logger(label: "ebb.client") { _ in SwiftLogNoOpLogHandler() },
    observer: @escaping @Sendable (Exchange) -> Void = { _ in }
  ) {
    reader = ReadingClient(
      profile: profile, credentials: credentials, transport: transport, quota: quota, surroundings: surroundings,
      logger: logger, observer: observer)
  }

  /// The account this client speaks for.
  public var profile: Profile { reader.sender.profile }

  /// Sends a read.
  ///
  /// An operation that writes is not sent this way, whatever its HTTP method: repeating it could do it twice.
  public func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await reader.read(operation, arguments)
  }

  /// Sends a write.
  public func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await reader.sender.run(operation, arguments, isWrite: true)
  }
}
