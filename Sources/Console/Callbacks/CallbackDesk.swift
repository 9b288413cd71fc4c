public import Catalogue
public import Logging
public import PandaPon
import Synchronization

/// Where callbacks are verified, recognised and stored, whatever they came by.
///
/// The order of checks: profile, method, signature, body; then the sink. An event is acknowledged once the sink has it,
/// never before.
public final class CallbackDesk: Sendable {
  private let verifiers: [String: CallbackVerifier]
  private let kinds: EventKinds
  private let sink: any EventSink
  private let window: any VerifyWindow
  private let limits: CallbackLimits
  private let metrics: CallbackMetrics
  private let now: @Sendable () -> Int64
  private let logger: Logger
  private let storing = Mutex(0)

  /// A desk.
  ///
  /// - Parameters:
  ///   - verifiers: The verifier of each profile, by its name.
  ///   - kinds: The table that tells events apart.
  ///   - sink: Where events are stored.
  ///   - window: Whether the vendor may verify a URL.
  ///   - limits: How long and how much.
  ///   - metrics: Where outcomes are counted.
  ///   - now: The instant, in ms since 1970 UTC.
  ///   - logger: Told of each outcome: key, kind and profile, nothing of the content.
  public init(
    verifiers: [String: CallbackVerifier], kinds: EventKinds, sink: any EventSink, window: any VerifyWindow,
    limits: CallbackLimits = CallbackLimits(), metrics: CallbackMetrics, now: @escaping @Sendable () -> Int64,
    logger: Logger
  ) {
    self.verifiers = verifiers
    self.kinds = kinds
    self.sink = sink
    self.window = window
    self.limits = limits
    self.metrics = metrics
    self.now = now
    self.logger = logger
  }

  /// Whether requests for that profile are worth reading.
  func knows(_ profile: String) -> Bool { verifiers[profile] != nil }

  /// Takes one request and says what became of it, within the limits' deadline.
  ///
  /// - Parameters:
  ///   - request: What was received.
  public func receive(_ request: CallbackRequest) async -> CallbackOutcome {
    let start = ContinuousClock.now
    let outcome = await outcome(of: request)
    metrics.count(outcome, profile: knows(request.profile) ? request.profile : nil, after: ContinuousClock.now - start)
    return outcome
  }

  private func outcome(of request: CallbackRequest) async -> CallbackOutcome {
    guard let verifier = verifiers[request.profile] else { return .unknownProfile }
    guard enter() else { return .overloaded }
    do {
      let outcome = try await result(within: limits.deadline) { [self] in
        defer { leave() }
        return try await store(request, verifier)
      }
      guard let outcome else {
        logger.error("a callback was not stored in time", metadata: ["profile": .string(request.profile)])
        return .late
      }
      return outcome
    } catch {
      // What the error says may quote what was to be stored: its type is enough to look further.
      logger.error(
        "a callback was not stored",
        metadata: ["profile": .string(request.profile), "error": .string(String(describing: type(of: error)))])
      return .failed
    }
  }

  private func store(_ request: CallbackRequest, _ verifier: CallbackVerifier) async throws -> CallbackOutcome {
    // A callback that is signed is stored even while the window is open: it may be a real one.
    guard request.isPost, let base = try await verifier.base(signedBy: request.authorization, over: request.body) else {
      if await window.isOpen(for: request.profile) { return .verified }
      return request.isPost ? .badSignature : .badMethod
    }
    metrics.count(base, profile: request.profile)
    let envelope: CallbackEnvelope
    do {
      envelope = try CallbackEnvelope(parsing: request.body, maximumSize: limits.body)
    } catch {
      if await window.isOpen(for: request.profile) { return .verified }
      logger.warning(
        "a signed callback cannot be read",
        metadata: ["profile": .string(request.profile), "why": .string(error.label)])
      return .unreadable
    }
    let event = event(envelope, for: request.profile)
    let reception = try await sink.receive(event)
    let outcome: CallbackOutcome = reception == .stored ? .stored : .duplicate
    if outcome == .stored { metrics.count(kind: event.kind) }
    logger.info(
      "callback \(outcome.rawValue)",
      metadata: [
        "key": .string(event.key), "kind": .string(event.kind ?? "unknown"), "profile": .string(event.profile),
      ])
    return outcome
  }

  private func event(_ envelope: CallbackEnvelope, for profile: String) -> IncomingEvent {
    let row = kinds.row(messageType: envelope.messageType, platform: envelope.platform)
    return IncomingEvent(
      key: envelope.key(for: profile), profile: profile, kind: row?.operation, messageType: envelope.messageType,
      platform: envelope.platform, subject: row?.about?.subject(of: envelope.body),
      says: row?.about?.state(in: envelope.body), sent: envelope.timestamp,
      bodyDigest: envelope.bodyDigest(for: profile), received: now(), envelope: envelope.content)
  }

  private func enter() -> Bool {
    let isFree = storing.withLock { storing in
      guard storing < limits.storing else { return false }
      storing += 1
      return true
    }
    if isFree { metrics.entered() }
    return isFree
  }

  private func leave() {
    storing.withLock { $0 -= 1 }
    metrics.left()
  }
}
