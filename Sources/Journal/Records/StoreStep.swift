public import JSON

/// A step that the store itself answers: what it changes and what the script sees of it are one entry, so that no crash
/// keeps one without the other, and of two runs that claim the same at once one is the first.
public struct StoreStep: Hashable, Sendable {
  /// What is asked of the store. Keys and values are within ``StateLimit``.
  public enum Request: Hashable, Sendable {
    /// Answers the value of a key; nothing where none is kept.
    case get(String)
    /// Keeps a value; answers nothing. Refused where the playbook has as many values as it may.
    case set(String, JSON)
    /// Forgets a value; answers whether there was one.
    case delete(String)
    /// Makes that owner the first to claim a name, unless another was; answers the owner that holds it. Refused where
    /// the playbook has as many claims as it may.
    case claim(String, in: String, owner: String)
    /// Answers the keys of values that begin so, as a list, sorted by their bytes.
    case keys(prefix: String)
    /// Stores an event, as a callback would be; answers a ``Raising`` and the event's key.
    ///
    /// `since` is an instant: where of the events of the same kind about the same subject that were sent at or after it
    /// (received, where that is not known) the latest is a callback that says the same, nothing is stored. Those sent at one
    /// instant have no order. What a run raised under another key counts only where it says otherwise.
    case raise(EventRecord, since: Milliseconds?)
  }

  /// What became of raising an event.
  public enum Raising: String, Hashable, Sendable, CaseIterable {
    case raised
    /// An event of that key is stored already.
    case known
    /// A callback that was sent since says the same.
    case told
  }

  /// Whose memory it is about.
  public let scope: StateScope
  public let request: Request
  /// The step as it ends where the store refuses: with the error that the script is raised.
  public let refused: Step

  /// A step that asks that of the store.
  public init(_ request: Request, in scope: StateScope, refused: Step) {
    self.request = request
    self.scope = scope
    self.refused = refused
  }

  /// The step with what the store answers.
  func answered(_ values: [JSON]) -> Step {
    Step(
      path: refused.path, name: refused.name, arguments: refused.arguments, digest: refused.digest,
      result: .returned(values.map { $0.bytes() }), sequence: refused.sequence, began: refused.began,
      instant: refused.instant, attempts: refused.attempts, line: refused.line)
  }

  /// Whether a recorded step is this one, committed before.
  func isRecorded(as known: Step) -> Bool {
    known.path == refused.path && known.name == refused.name && known.digest == refused.digest
      && known.sequence == refused.sequence
  }
}
