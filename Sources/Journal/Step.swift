public import JSON

/// One journaled call of a run and what the script saw of it.
public struct Step: Hashable, Sendable {
  /// How a step ended in the script's eyes.
  public enum Result: Hashable, Sendable {
    /// The values that the call returned.
    case returned([JSON])
    /// The error that the call raised, as the fields of its table.
    case raised(JSON)
  }

  /// Where in the run the step was taken.
  public let path: StepPath
  /// What was called: an operation's id, or `sleep`, `wait_until`.
  public let name: String
  /// SHA-256 of the name and the arguments in canonical form, as lower-case hex.
  public let digest: String
  /// What the script saw.
  public let result: Result
  /// The place of this result in the order in which the run delivered results, from 1.
  public let sequence: Int
  /// When the result was delivered: the time that the branch sees from then on.
  public let instant: Milliseconds
  /// How often the operation was tried; 1 where nothing failed.
  public let attempts: Int

  /// A step as it will be replayed.
  public init(
    path: StepPath, name: String, digest: String, result: Result, sequence: Int, instant: Milliseconds,
    attempts: Int = 1
  ) {
    self.path = path
    self.name = name
    self.digest = digest
    self.result = result
    self.sequence = sequence
    self.instant = instant
    self.attempts = attempts
  }
}
