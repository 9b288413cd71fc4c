/// What is wrong with a schedule, as the person who wrote it is told.
public struct ScheduleProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was read and why it will not do, in one sentence without a full stop.
  public let description: String
  /// What to write instead.
  public let hint: String?

  /// Creates a problem.
  public init(_ description: String, hint: String? = nil) {
    self.description = description
    self.hint = hint
  }
}

extension StringProtocol {
  /// The text in quotation marks, cut where it is long: problems quote what a person wrote.
  var quoted: String {
    let most = 60
    let text = count > most ? String(prefix(most)) + "…" : String(self)
    return "\"\(text)\""
  }
}
