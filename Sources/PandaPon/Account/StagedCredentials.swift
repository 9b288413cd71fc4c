import Synchronization

/// Credentials in stages, in memory: what a source that keeps them elsewhere holds them in while it runs.
public final class StagedCredentials: CredentialSource {
  private struct State {
    var stages: CredentialStages
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var next = 0
  }
  private let state: Mutex<State>

  /// Stages to begin with.
  public init(_ current: Credentials, pending: Credentials? = nil, previous: Credentials? = nil) {
    state = Mutex(State(stages: CredentialStages(current: current, pending: pending, previous: previous)))
  }

  /// The stages as they are.
  public var stages: CredentialStages { state.withLock { $0.stages } }

  public func credentials() async throws -> Credentials { stages.current }

  public func successor(of refused: [Credentials]) async throws -> Credentials? { stages.successor(of: refused) }

  public func promote(_ accepted: Credentials) async throws { change { $0.promote(accepted) } }

  public func accepted() async throws -> [Credentials] { stages.accepted }

  /// Notes credentials that will be in force once the vendor's console has reset the current ones.
  public func stage(_ pending: Credentials) { change { $0.stage(pending) } }

  /// Takes credentials as the current ones at once.
  public func replace(with current: Credentials) { change { $0.replace(with: current) } }

  public func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
    return stream
  }

  private func change(_ body: (inout CredentialStages) -> Bool) {
    let listeners = state.withLock { state in
      body(&state.stages) ? Array(state.listeners.values) : []
    }
    for listener in listeners { listener.yield() }
  }
}

/// The stages of an account's credentials. A value; whoever keeps them makes the changes durable.
public struct CredentialStages: Sendable {
  /// What requests are signed with.
  public private(set) var current: Credentials
  /// What takes their place when the API refuses them.
  public private(set) var pending: Credentials?
  /// What was current before.
  public private(set) var previous: Credentials?

  /// These stages.
  public init(current: Credentials, pending: Credentials? = nil, previous: Credentials? = nil) {
    (self.current, self.pending, self.previous) = (current, pending, previous)
  }

  /// The current ones where they were not refused, else the pending ones; nil where both were.
  public func successor(of refused: [Credentials]) -> Credentials? {
    [current, pending].compactMap(\.self).first { !$0.isAmong(refused) }
  }

  /// Makes pending credentials current; false where they are not the pending ones, and nothing changes.
  public mutating func promote(_ accepted: Credentials) -> Bool {
    guard let pending, Credentials.same(pending, accepted) else { return false }
    previous = current
    current = pending
    self.pending = nil
    return true
  }

  /// Notes pending credentials, in place of others; false where they are the current ones.
  public mutating func stage(_ credentials: Credentials) -> Bool {
    guard !Credentials.same(current, credentials) else { return false }
    pending = credentials
    return true
  }

  /// Takes credentials as the current ones; false where they are already.
  public mutating func replace(with credentials: Credentials) -> Bool {
    guard !Credentials.same(current, credentials) else { return false }
    previous = current
    current = credentials
    if let pending, Credentials.same(pending, credentials) { self.pending = nil }
    return true
  }

  /// Those whose callbacks are taken, the current ones first.
  public var accepted: [Credentials] { [current, pending, previous].compactMap(\.self) }
}
