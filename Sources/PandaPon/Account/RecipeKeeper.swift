/// How sure it is that a profile's requests are signed as the API wants.
public enum RecipeGrade: String, Hashable, Sendable, CaseIterable {
  /// The API took a request that was signed so, or a request that is known to be good was signed so.
  case verified
  /// Nobody has tried.
  case assumed
}

/// By what a recipe was found to be right.
public enum RecipeProof: String, Hashable, Sendable, CaseIterable {
  /// The API took a request of `ebb profiles test`.
  case test
  /// It makes the signature of a request, or a callback, that is known to be good.
  case example
  /// The API took a request of a search for it.
  case live
}

/// Keeps what was found out about how a profile signs.
public protocol RecipeKeeper: Sendable {
  /// Requests of that profile are signed so from now on, and its grade is `verified`.
  func keep(_ recipe: SigningRecipe, of profile: String, by proof: RecipeProof) async throws

  /// Callbacks of that profile are verified so from now on.
  func keep(_ recipe: CallbackRecipe, of profile: String, by proof: RecipeProof) async throws
}
