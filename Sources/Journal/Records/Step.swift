/// One journaled call of a run and what the script saw of it.
public struct Step: Hashable, Sendable {
  /// How a step ended in the script's eyes. Values are JSON texts, byte for byte what the script was given: a replay
  /// gives it the same.
  public enum Result: Hashable, Sendable {
    /// The values that the call returned.
    case returned([[UInt8]])
    /// The error that the call raised, as the fields of its table.
    case raised([UInt8])
  }

  /// Where in the run the step was taken.
  public let path: StepPath
  /// What was called: an operation's id, or `sleep`, `wait_until`, `approve`, `state.set`, `events.raise`, `notify.send`.
  public let name: String
  /// The arguments as JSON in canonical form.
  public let arguments: [UInt8]
  /// SHA-256 of the name and the arguments, as lower-case hex.
  public let digest: String
  /// What the script saw.
  public let result: Result
  /// The place of this result in the order in which the run delivered results, from 1.
  public let sequence: Int
  /// When the step was asked for.
  public let began: Milliseconds
  /// When the result was delivered: the time that the branch sees from then on.
  public let instant: Milliseconds
  /// How often the operation was tried; 1 where nothing failed.
  public let attempts: Int
  /// The line of the script that called, e.g. `scripts/chase.lua:12`; nil where it is not known.
  public let line: String?

  /// A step as it will be replayed.
  public init(
    path: StepPath, name: String, arguments: [UInt8] = [], digest: String, result: Result, sequence: Int,
    began: Milliseconds? = nil, instant: Milliseconds, attempts: Int = 1, line: String? = nil
  ) {
    self.path = path
    self.name = name
    self.arguments = arguments
    self.digest = digest
    self.result = result
    self.sequence = sequence
    self.began = began ?? instant
    self.instant = instant
    self.attempts = attempts
    self.line = line
  }
}
