public import Catalogue
public import Logging

/// A client that can only ask: what a plan is given (G10). Nothing it holds is a ``Writer``.
public struct ReadingClient: Reader {
  let sender: Sender

  /// A client of these parts, as ``Client`` has them.
  public init(
    profile: Profile, credentials: any CredentialSource, transport: any Transport, quota: (any Quota)? = nil,
    surroundings: Surroundings = .live, logger: Logger = Logger(label: "ebb.client") { _ in SwiftLogNoOpLogHandler() },
    observer: @escaping @Sendable (Exchange) -> Void = { _ in }
  ) {
    sender = Sender(
      profile: profile, credentials: credentials, quota: quota ?? profile.localQuota(surroundings),
      transport: transport, surroundings: surroundings, logger: logger, observer: observer)
  }

  /// Sends a read; a write, or an event, is refused.
  public func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    guard operation.effect != .write else {
      return .notSent(
        Failure(.invalid, "\(operation.id) is a write; it was not sent as a read", label: "write_as_read"))
    }
    return await sender.run(operation, arguments, isWrite: false)
  }
}
