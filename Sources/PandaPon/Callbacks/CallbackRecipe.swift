/// What a callback's signature is made over. The vendor's manual names the digest, and its definition of the base is on
/// no page seen (pandapon.md 2b): both candidates are accepted unless a configuration says which one it is.
public enum CallbackBase: String, Hashable, Sendable, CaseIterable {
  /// The request's body, byte for byte. Inferred: "the digest is made over the message body" (pandapon.md 2b).
  case body
  /// The access key and the body, with nothing between. Inferred from the platform upstream (upstream.md 9.1).
  case accessKeyAndBody = "access-key+body"
}

/// How a profile's callbacks are verified: which bases are accepted.
public struct CallbackRecipe: Hashable, Sendable {
  /// The bases that are accepted; never empty.
  public let bases: Set<CallbackBase>

  /// A recipe that accepts those bases.
  ///
  /// - Throws: `CallbackRecipeError` where there is none: no callback could ever be accepted.
  public init(bases: Set<CallbackBase>) throws(CallbackRecipeError) {
    guard !bases.isEmpty else { throw .noBase }
    self.init(checked: bases)
  }

  private init(checked: Set<CallbackBase>) {
    bases = checked
  }

  /// Both documented candidates.
  public static let standard = CallbackRecipe(checked: Set(CallbackBase.allCases))

  /// Reads names of bases as a configuration gives them: `body`, `access-key+body`, in either case.
  ///
  /// - Throws: `CallbackRecipeError` naming the base that is unknown.
  public init(parsing names: [String]) throws(CallbackRecipeError) {
    var bases: Set<CallbackBase> = []
    for name in names {
      guard let base = CallbackBase(rawValue: name.lowercased()) else { throw .unknownBase(name) }
      bases.insert(base)
    }
    try self.init(bases: bases)
  }
}
