/// The keys of the simulator's one account; made from the seed, worth nothing, and easy to tell from real ones.
public struct SimulatedAccount: Sendable, Hashable {
  /// The access key.
  public var accessKey: String
  /// The access secret.
  public var accessSecret: String
  /// The user id.
  public var userID: String

  /// Given keys.
  public init(accessKey: String, accessSecret: String, userID: String) {
    self.accessKey = accessKey
    self.accessSecret = accessSecret
    self.userID = userID
  }

  /// The keys that belong to a seed, e.g. `simulated-key-7`.
  public init(seed: UInt64) {
    self.init(
      accessKey: "simulated-key-\(seed)", accessSecret: "simulated-secret-\(seed)-worth-nothing",
      userID: String(2_100_000_000_000 + seed % 1_000_000_000))
  }
}
