public import JSON

/// A plan as the store knows it: what was captured, and whether it was carried out. A plan applies once (G10).
public struct PlanRecord: Hashable, Sendable {
  /// SHA-256 of the document in canonical form, as lower-case hex.
  public let digest: String
  public let document: JSON
  public let created: Milliseconds
  public let expires: Milliseconds
  /// The run that applies it.
  public var appliedBy: RunID?

  /// A plan that was made.
  public init(
    digest: String, document: JSON, created: Milliseconds, expires: Milliseconds, appliedBy: RunID? = nil
  ) {
    self.digest = digest
    self.document = document
    self.created = created
    self.expires = expires
    self.appliedBy = appliedBy
  }
}
