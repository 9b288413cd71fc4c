/// What is known of a message before its step has a result: recorded ahead of each time that it is sent, so that a crash
/// in between is not taken for a message that never left.
public struct Dispatch: Hashable, Sendable {
  /// SHA-256 of the step's name and arguments, as lower-case hex: which message it was.
  public let digest: String
  /// How many of it may have arrived.
  public let copies: Int
  /// How often it was tried.
  public let attempts: Int

  /// A message of which so many may have arrived.
  public init(digest: String, copies: Int, attempts: Int) {
    self.digest = digest
    self.copies = copies
    self.attempts = attempts
  }
}
