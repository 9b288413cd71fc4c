/// How a profile's callbacks are verified: which bases are accepted.
public struct CallbackRecipe: Hashable, Sendable {
  /// The bases that are accepted; never empty, each once.
  public let bases: [CallbackBase]

  /// A recipe that accepts those bases.
  ///
  /// - Throws: `CallbackRecipeError` where there is none: no callback could ever be accepted.
  public init(bases: some Sequence<CallbackBase>) throws(CallbackRecipeError) {
    var seen: Set<CallbackBase> = []
    let once = bases.filter { seen.insert($0).inserted }
    guard !once.isEmpty else { throw .noBase }
    self.init(checked: once)
  }

  private init(checked: [CallbackBase]) {
    bases = checked
  }

  /// Both candidates that pages speak for.
  public static let standard = CallbackRecipe(checked: CallbackBase.inferred)

  /// Reads bases as a configuration gives them: `body`, `access-key+body`, in either case, or templates.
  ///
  /// - Throws: `CallbackRecipeError` naming the base that is unknown.
  public init(parsing names: [String]) throws(CallbackRecipeError) {
    var bases: [CallbackBase] = []
    for name in names { bases.append(try CallbackBase(parsing: name)) }
    try self.init(bases: bases)
  }
}
