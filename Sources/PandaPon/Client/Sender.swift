import Catalogue
import JSON
import Logging
import Redaction

/// What both clients send through.
struct Sender: Sendable {
  let profile: Profile
  let credentials: any CredentialSource
  let quota: any Quota
  let transport: any Transport
  let surroundings: Surroundings
  let logger: Logger
  let observer: @Sendable (Exchange) -> Void

  func run(_ operation: Operation, _ arguments: Arguments, isWrite: Bool) async -> Outcome {
    if let refusal = Policy(profile: profile).refusal(of: operation) { return .notSent(refusal) }
    var attempts = Attempts(policy: profile.retry, isWrite: isWrite)
    var start: Duration?
    var refused: [Credentials] = []
    var successor: Credentials?
    while true {
      let identity: Credentials
      let request: WireRequest
      do throws(Failure) {
        try await takePlace(operation)
        if let successor { identity = successor } else { identity = try await credentials(for: operation) }
        request = try RequestBuilder(profile: profile).request(
          for: operation, arguments, by: identity, now: surroundings.now(), nonce: surroundings.nonce())
      } catch {
        // Nothing left in this attempt, and a write only gets here again after an answer that says "not executed".
        var failure = error
        failure.attempts = attempts.count
        return .notSent(failure)
      }
      let began = surroundings.uptime()
      start = start ?? began
      attempts.begin()
      let finding = await exchange(request, operation, identity, attempts)
      if successor != nil, finding.isAuthorized {
        await promote(identity)
        successor = nil
      }
      let elapsed = surroundings.uptime() - (start ?? began)
      switch attempts.next(after: finding, elapsed: elapsed, fraction: surroundings.fraction()) {
      case .finish(let outcome):
        return sealed(outcome, operation, identity.secret)
      case .renew(let outcome):
        refused.append(identity)
        successor = await other(than: refused)
        guard successor != nil, !Task.isCancelled else { return outcome }
        attempts.renew()
      case .wait(let time):
        logger.info(
          "waiting before the next attempt",
          metadata: ["operation": "\(operation.id)", "seconds": "\(time.seconds)", "after": "\(attempts.count)"])
        do {
          try await surroundings.sleep(time)
        } catch {
          return attempts.outcome(of: finding)
        }
      }
    }
  }

  /// Credentials that were not refused yet; nil where there are none, or they cannot be had.
  private func other(than refused: [Credentials]) async -> Credentials? {
    do {
      return try await credentials.successor(of: refused).flatMap { $0.isAmong(refused) ? nil : $0 }
    } catch {
      logger.warning("other credentials could not be had", metadata: ["profile": "\(profile.name)"])
      return nil
    }
  }

  /// The API took what these signed.
  private func promote(_ accepted: Credentials) async {
    do {
      try await credentials.promote(accepted)
      logger.info("the API takes the profile's new credentials", metadata: ["profile": "\(profile.name)"])
    } catch {
      // They are pending still: the next request is refused first, and comes here again.
      logger.warning("new credentials could not be kept", metadata: ["profile": "\(profile.name)"])
    }
  }

  private func takePlace(_ operation: Operation) async throws(Failure) {
    do {
      try await quota.acquire()
    } catch {
      throw Failure(
        .unavailable, "\(operation.id): cancelled while waiting for the profile's quota", label: "cancelled")
    }
  }

  private func exchange(
    _ request: WireRequest, _ operation: Operation, _ identity: Credentials, _ attempts: Attempts
  ) async -> Finding {
    let reader = AnswerReader(
      operation: operation.id,
      pathGrade: profile.paths[operation.id] == nil ? operation.evidence.path.rawValue : "the profile's own",
      accessKey: Redactor.masked(accessKey: identity.accessKey),
      recipe: RequestBuilder(profile: profile).recipe(for: operation))
    let began = surroundings.uptime()
    let finding: Finding
    do throws(TransportError) {
      let response = try await attempts.isWrite ? carryThrough(request) : carry(request)
      finding = reader.finding(on: response, now: surroundings.now())
    } catch {
      finding = reader.finding(on: error)
    }
    logger.debug(
      "exchange",
      metadata: [
        "operation": "\(operation.id)", "attempt": "\(attempts.count)",
        "outcome": "\(finding.failure?.label ?? "ok")",
        "milliseconds": "\(Int((surroundings.uptime() - began).seconds * 1000))",
      ])
    observer(
      Exchange(
        operation: operation.id, profile: profile.name, outcome: finding.failure?.label ?? "ok",
        time: surroundings.uptime() - began))
    if finding.kind == .limited {
      // Not longer than the client itself would wait: who comes then is told anew, and can leave.
      await quota.slowDown(for: min(finding.retryAfter ?? .seconds(1), profile.retry.longestRetryAfter))
    }
    return finding
  }

  private func carry(_ request: WireRequest) async throws(TransportError) -> WireResponse {
    try await transport.exchange(request, deadline: profile.deadline)
  }

  /// A write that left is waited for even when its task is cancelled: giving up would only turn an answer that comes
  /// within the deadline into a doubt.
  private func carryThrough(_ request: WireRequest) async throws(TransportError) -> WireResponse {
    guard !Task.isCancelled else { throw .cancelledBeforeSending }
    let sending = Task { () async -> Result<WireResponse, TransportError> in
      do throws(TransportError) {
        return .success(try await carry(request))
      } catch {
        return .failure(error)
      }
    }
    return try await sending.value.get()
  }

  private func credentials(for operation: Operation) async throws(Failure) -> Credentials {
    do {
      return try await credentials.credentials()
    } catch {
      let reason = (error as? CredentialsError)?.description ?? "its credentials could not be had"
      throw Failure(
        .unauthorized, "\(operation.id) was not sent for \(profile.name): \(reason)",
        hint: (error as? CredentialsError)?.hint ?? "check where the profile's access key and secret come from",
        label: "no_credentials")
    }
  }

  /// The outcome as it may leave this room: decoded, with handles in place of secrets.
  private func sealed(_ outcome: Outcome, _ operation: Operation, _ secret: SecretBytes) -> Outcome {
    guard case .ok(var answer) = outcome else { return outcome }
    let (data, secrets) = SecretFields(operation: operation, secret: secret).seal(operation.decode(answer.data))
    answer.data = data
    answer.secrets = secrets
    answer.message = answer.message.map { redact($0) }
    return .ok(answer)
  }
}

extension Duration {
  /// The time in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
