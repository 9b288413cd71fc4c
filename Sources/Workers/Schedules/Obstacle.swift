/// Why a run cannot be started now.
public struct Obstacle: Error, Hashable, Sendable {
  /// In words, for the ledger.
  public let reason: String

  /// An obstacle.
  public init(_ reason: String) {
    self.reason = reason
  }
}
