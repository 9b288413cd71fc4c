/// What is wrong with a header or a parameter, and what to write instead: the user's mistake, never ours.
public struct ParameterProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let description: String
  /// What to do about it.
  public let hint: String?

  /// A problem and the way out.
  public init(_ description: String, hint: String? = nil) {
    self.description = description
    self.hint = hint
  }

  /// The problem with its place before it.
  func at(_ place: String) -> ParameterProblem {
    ParameterProblem("\(place): \(description)", hint: hint)
  }
}
