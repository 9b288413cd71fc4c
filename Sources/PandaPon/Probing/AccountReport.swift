/// What a test of an account found.
public struct AccountReport: Sendable {
  /// What is wrong, if anything.
  public enum Verdict: Sendable, Equatable {
    /// Nothing: the API takes what is signed by ``AccountReport/recipe``.
    case accepted
    /// The user id: without it the API takes the same request.
    case userID
    /// This machine's clock: the API refuses every timestamp of it.
    case clock(ClockSkew)
    /// The secret or the recipe: the API knows the key, since it answers in other words than to one that nobody has.
    case signature
    /// The key, the secret or the recipe: the API answers a key that nobody has in the same words.
    case keyOrSignature
    /// The network: there was no answer.
    case network(TransportError)
    /// Something that says nothing about the account.
    case unclear(Failure)

    public static func == (left: Self, right: Self) -> Bool {
      switch (left, right) {
      case (.accepted, .accepted), (.userID, .userID), (.signature, .signature), (.keyOrSignature, .keyOrSignature):
        true
      case (.clock(let left), .clock(let right)): left == right
      case (.network(let left), .network(let right)): left == right
      case (.unclear(let left), .unclear(let right)): left == right
      default: false
      }
    }
  }

  /// One request, and what was answered.
  public struct Answer: Hashable, Sendable {
    /// What was special about it.
    public let request: String
    /// What was answered.
    public let text: String

    init(_ request: String, _ text: String) {
      (self.request, self.text) = (request, text)
    }
  }

  /// What was asked.
  public let operation: String
  /// The recipe that the API took; the profile's own where it took none.
  public internal(set) var recipe: SigningRecipe
  /// What is wrong.
  public internal(set) var verdict = Verdict.keyOrSignature
  /// How far the clocks are apart, where an answer told.
  public internal(set) var skew: ClockSkew?
  /// All requests, in their order.
  public internal(set) var answers: [Answer] = []

  init(operation: String, recipe: SigningRecipe) {
    (self.operation, self.recipe) = (operation, recipe)
  }

  /// What was found, for a person, in one sentence.
  public var message: String {
    switch verdict {
    case .accepted: "the API takes the key and the signature, with the timestamp in \(recipe.timestamp.rawValue)"
    case .userID: "the user id is wrong: without it the API takes the same request"
    case .clock(let skew):
      "this machine's clock is \(skew.magnitude / 1000) s \(skew.isBehind ? "behind" : "ahead of") the API's;"
        + " it refuses more than 600 s"
    case .signature: "the API knows the access key, and refuses the signature"
    case .keyOrSignature:
      "the API refuses the access key or the signature; it answers a key that nobody has in the same words"
    case .network(let error): "the API cannot be reached: \(error)"
    case .unclear(let failure): "\(failure)"
    }
  }

  /// What to do about it; nil where nothing is wrong.
  public var hint: String? {
    switch verdict {
    case .accepted: nil
    case .userID: "leave it out, or copy it again from the console"
    case .clock: "set the clock, e.g. with `timedatectl set-ntp true`"
    case .signature:
      "the secret may have been reset: copy it again from the console; else the recipe is another:"
        + " `ebb profiles solve-signature` finds it from one request that is known to be good"
    case .keyOrSignature:
      "copy the key and its secret again from the console, from the same line; if both are right, the recipe is another:"
        + " `ebb profiles solve-signature` finds it from one request that is known to be good"
    case .network(let error): error.hint
    case .unclear(let failure): failure.hint
    }
  }

  /// A short name from a fixed set, for machines.
  public var label: String {
    switch verdict {
    case .accepted: "accepted"
    case .userID: "user_id"
    case .clock: "clock"
    case .signature: "signature"
    case .keyOrSignature: "key_or_signature"
    case .network: "network"
    case .unclear: "unclear"
    }
  }
}
