/// One request that left, and what became of it: what metrics count.
public struct Exchange: Hashable, Sendable {
  /// The operation's id.
  public let operation: String
  /// The account that it was sent for.
  public let profile: String
  /// `ok`, or the failure's label, from a fixed set.
  public let outcome: String
  /// From the request's leaving to its answer, or to where none came.
  public let time: Duration
}
