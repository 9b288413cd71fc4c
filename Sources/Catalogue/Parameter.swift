/// A path, query or header parameter of an operation.
public struct Parameter: Hashable, Sendable {
  /// Where a parameter travels.
  public enum Location: String, Hashable, Sendable {
    case path, query, header
  }

  /// The wire's name, which scripts use too.
  public let name: String
  /// Where it travels.
  public let location: Location
  /// Whether a request without it is refused.
  public let isRequired: Bool
  /// What its value looks like.
  public let schema: Schema
}
