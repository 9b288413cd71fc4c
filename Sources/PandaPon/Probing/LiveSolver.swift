public import Catalogue

/// Finds the recipe by asking the API: the likeliest ones on one harmless read, once a second, and stops at the first
/// that is taken. For who has no request that is known to be good.
public struct LiveSolver: Sendable {
  /// How a search ended.
  public enum Ending: Sendable {
    /// The API took a request that was signed so.
    case found(SigningRecipe)
    /// It took none.
    case exhausted
    /// This machine's clock is so far off that it would take none.
    case clock(ClockSkew)
    /// It could not be asked any more.
    case stopped(Failure)
  }

  /// How many recipes are tried at most.
  public static let most = 40
  /// How long is waited between two.
  public static let pause = Duration.seconds(1)

  private let profile: Profile
  private let credentials: Credentials
  private let probe: Probe

  /// A search by that read.
  public init(
    _ profile: Profile, _ credentials: Credentials, asking operation: Operation, _ arguments: Arguments,
    over transport: any Transport, surroundings: Surroundings = .live
  ) {
    self.profile = profile
    self.credentials = credentials
    probe = Probe(operation: operation, arguments: arguments, transport: transport, surroundings: surroundings)
  }

  /// Searches.
  ///
  /// - Parameter observe: told of each recipe before it is tried, with its number from 1.
  public func run(observing observe: @Sendable (Int, SigningRecipe) -> Void = { _, _ in }) async -> Ending {
    if let refusal = probe.refusal(by: profile) { return .stopped(refusal) }
    for (index, recipe) in Self.candidates.enumerated() {
      if index > 0 {
        do { try await probe.surroundings.sleep(Self.pause) } catch {
          return .stopped(Failure(.unavailable, "the search was cancelled", label: "cancelled"))
        }
      }
      observe(index + 1, recipe)
      var trial = profile
      trial.signing = recipe
      let (verdict, skew) = await probe.send(trial, by: credentials)
      switch verdict {
      case .accepted: return .found(recipe)
      case .refused:
        if let skew, skew.isTooLarge { return .clock(skew) }
      case .unclear(let failure): return .stopped(failure)
      case .unreachable(let error):
        return .stopped(Failure(.unavailable, "\(error)", hint: error.hint, label: error.label))
      }
    }
    return .exhausted
  }

  /// What is tried, the likeliest first. The vendor's samples show 32 upper-case hex digits, so all are MD5 or HMAC-MD5;
  /// each with the timestamp in milliseconds and in seconds.
  static let candidates: [SigningRecipe] = {
    let plain = [
      "{access-key}{timestamp}{nonce-str}{secret}", "{secret}{access-key}{timestamp}{nonce-str}",
      "{access-key}{nonce-str}{timestamp}{secret}", "{secret}{access-key}{nonce-str}{timestamp}",
      "{access-key}{secret}{timestamp}{nonce-str}", "{timestamp}{nonce-str}{access-key}{secret}",
      "{secret}{access-key}{timestamp}{nonce-str}{secret}",
      "access-key={access-key}&nonce-str={nonce-str}&timestamp={timestamp}&secret={secret}",
      "access-key={access-key}&nonce-str={nonce-str}&timestamp={timestamp}&key={secret}",
      "accessKey={access-key}&nonceStr={nonce-str}&timestamp={timestamp}&key={secret}",
      "access-key{access-key}nonce-str{nonce-str}timestamp{timestamp}{secret}",
      "{secret}access-key{access-key}nonce-str{nonce-str}timestamp{timestamp}{secret}",
      "{access-key}{timestamp}{nonce-str}{body}{secret}", "{access-key}&{timestamp}&{nonce-str}&{secret}",
      "{access-key}{timestamp}{nonce-str}{user-id}{secret}", "{access-key}{timestamp}{secret}",
    ]
    let keyed = [
      "{access-key}{timestamp}{nonce-str}",
      "access-key={access-key}&nonce-str={nonce-str}&timestamp={timestamp}",
      "{access-key}{timestamp}{nonce-str}{body}", "{access-key}{nonce-str}{timestamp}",
    ]
    let payloads = plain.map { ($0, SigningRecipe.Digest.md5) } + keyed.map { ($0, .hmacMD5) }
    return payloads.flatMap { text, digest in
      [SigningRecipe.TimestampUnit.milliseconds, .seconds].compactMap { unit in
        (try? SigningTemplate(parsing: text)).flatMap {
          try? SigningRecipe(payload: $0, digest: digest, encoding: .hexUpper, timestamp: unit)
        }
      }
    }
  }()
}
