import Catalogue

/// Sends one harmless read as a profile would, and says what the answer means for its signature.
struct Probe: Sendable {
  /// What came of one request.
  enum Verdict: Sendable {
    /// The API took the signature: it answered, or refused for a reason of its business.
    case accepted
    /// Answered with 401; with what it said.
    case refused(String)
    /// No answer that says anything about the signature.
    case unclear(Failure)
    /// No answer at all.
    case unreachable(TransportError)
  }

  let operation: Operation
  let arguments: Arguments
  let transport: any Transport
  let surroundings: Surroundings

  /// Sends it once.
  ///
  /// - Returns: with the verdict, how far the clocks are apart, where the answer tells.
  func send(_ profile: Profile, by credentials: Credentials) async -> (verdict: Verdict, skew: ClockSkew?) {
    let began = surroundings.now()
    do {
      let request = try RequestBuilder(profile: profile).request(
        for: operation, arguments, by: credentials, now: began, nonce: surroundings.nonce())
      let response = try await transport.exchange(request, deadline: profile.deadline)
      let now = surroundings.now()
      let skew = ClockSkew(response, now: began + (now - began) / 2)
      let finding = AnswerReader(
        operation: operation.id, pathGrade: operation.evidence.path.rawValue, accessKey: "", recipe: profile.signing
      ).finding(on: response, now: now)
      if finding.isAuthorized { return (.accepted, skew) }
      let failure = finding.failure ?? Failure(.unavailable, "no answer", label: "no_answer")
      return (finding.kind == .unauthorized ? .refused("\(response.status) \(failure)") : .unclear(failure), skew)
    } catch let error as TransportError {
      return (.unreachable(error), nil)
    } catch let failure as Failure {
      return (.unclear(failure), nil)
    } catch {
      return (.unclear(Failure(.unavailable, "the exchange failed", label: "transport")), nil)
    }
  }

  /// Why the profile may not send it; nil where it may.
  func refusal(by profile: Profile) -> Failure? { Policy(profile: profile).refusal(of: operation) }
}
