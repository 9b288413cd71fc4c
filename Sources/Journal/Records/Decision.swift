public import JSON

/// What a playbook decided about one subject, with its reason.
public struct Decision: Hashable, Sendable {
  /// The outcomes of playbooks.md "Four outcomes for a subject".
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case done
    case planned
    case kept
    case handedOver = "handed_over"
    case waiting
    case failed
  }

  /// The subject's id.
  public let subject: String
  /// What was decided.
  public let kind: Kind
  /// A constant text of the script, so that decisions can be counted by it.
  public let reason: String
  /// What varies between subjects of one reason.
  public let detail: String?
  /// The subject's amount, in minor units of a currency.
  public let amount: Charge?
  /// The step it follows, or the write that it is.
  public let step: StepPath

  /// A decision about a subject.
  public init(
    subject: String, kind: Kind, reason: String, detail: String? = nil, amount: Charge? = nil, step: StepPath
  ) {
    self.subject = subject
    self.kind = kind
    self.reason = reason
    self.detail = detail
    self.amount = amount
    self.step = step
  }
}

/// A line that a script logged.
public struct LogLine: Hashable, Sendable {
  /// How much it matters: `debug`, `info`, `warn`, `error`.
  public let level: String
  /// The text.
  public let message: String
  /// Fields beside the text, or null.
  public let fields: JSON

  /// A line at that level.
  public init(level: String, message: String, fields: JSON = .null) {
    self.level = level
    self.message = message
    self.fields = fields
  }
}

/// What a script says between two steps; kept with the next entry and said only once, also after a replay.
public struct Note: Hashable, Sendable {
  /// What was said.
  public enum Content: Hashable, Sendable {
    case decision(Decision)
    /// What became of a write that waited: takes the place of the earlier decision of the same step.
    case outcome(Decision)
    case log(LogLine)
    case report(JSON)
    /// How often a message of that step may have left; the latest of a step holds.
    case dispatch(Dispatch)

    /// What was decided, where it is a decision.
    public var decision: Decision? {
      switch self {
      case .decision(let decision), .outcome(let decision): decision
      case .log, .report, .dispatch: nil
      }
    }
  }

  /// The last step of the branch before the note; the branch's own path where there was none.
  public let after: StepPath
  /// Counts the notes that follow the same step, from 1.
  public let ordinal: Int
  /// What was said.
  public let content: Content

  /// A note after that step.
  public init(after: StepPath, ordinal: Int, content: Content) {
    self.after = after
    self.ordinal = ordinal
    self.content = content
  }
}
