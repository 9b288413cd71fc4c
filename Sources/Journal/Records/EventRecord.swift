public import JSON

/// A callback as it was received, stored before it was acknowledged (G16); or an event that a run raised, stored with the
/// step that did.
public struct EventRecord: Hashable, Sendable {
  /// SHA-256 in hexadecimal of the shop and the message, or of the shop and the message's own id: the same message again is
  /// the same event.
  public let key: String
  public let profile: String
  /// The operation it is an event of, e.g. `taobao.events.refundChanged`; nil where the type is not known.
  public let kind: String?
  /// The message's type, as it was sent.
  public let messageType: String?
  /// 0 for Taobao, 1 for 1688.
  public let platform: Int64?
  /// Of the message without its time: two events with the same digest say the same.
  public let digest: String
  public let received: Milliseconds
  /// The message, exactly.
  public let envelope: JSON
  /// The id of the order or refund that it is about, where the catalogue knows where that stands.
  public var subject: String?
  /// The state that it says the subject is in, as it was sent.
  public var says: String?
  /// When it was sent, by the message's own clock.
  public var sent: Milliseconds?
  /// The run that raised it; nil for a callback.
  public var raisedBy: RunID?
  /// The key of the first event that said the same, or of one that a run raised, later than this was sent, to say it.
  public var repeatOf: String?
  /// When it was handed to the playbooks that subscribe to it; nil where it waits for that.
  public var dispatched: Milliseconds?
  /// How often a person had it delivered anew.
  public var round = 0

  /// An event as it comes in.
  public init(
    key: String, profile: String, kind: String?, messageType: String?, platform: Int64?, digest: String,
    received: Milliseconds, envelope: JSON
  ) {
    self.key = key
    self.profile = profile
    self.kind = kind
    self.messageType = messageType
    self.platform = platform
    self.digest = digest
    self.received = received
    self.envelope = envelope
  }
}

/// What became of an event for one playbook.
public struct Delivery: Hashable, Sendable {
  /// The one thing that became of it.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    case ran
    /// It says what an event says whose run has not started yet, or what a run had raised by then.
    case coalesced
    /// The playbook's filter, or a person, kept it from running.
    case ignored
  }

  public let event: String
  public let round: Int
  public let playbook: String
  public let outcome: Outcome
  /// The run it started, or the one that it is part of.
  public let run: RunID?
  public let reason: String?

  /// A delivery and what became of it.
  public init(event: String, round: Int, playbook: String, outcome: Outcome, run: RunID?, reason: String?) {
    self.event = event
    self.round = round
    self.playbook = playbook
    self.outcome = outcome
    self.run = run
    self.reason = reason
  }
}

extension Delivery {
  /// Why an event became part of the run of an earlier one.
  static func reason(_ first: String, isRaised: Bool) -> String {
    isRaised
      ? "\(first.prefix(12)), which a run raised after this was sent, said it"
      : "it says what \(first.prefix(12)) said, whose run had not started"
  }
}

/// What is to become of an event for one playbook.
public struct DueDelivery: Hashable, Sendable {
  /// What is to become of it.
  public enum Fate: Hashable, Sendable {
    case start(RunRecord)
    case ignored(String)
  }

  public let playbook: String
  public let fate: Fate

  /// A delivery to that playbook.
  public init(_ playbook: String, _ fate: Fate) {
    self.playbook = playbook
    self.fate = fate
  }
}

/// What became of receiving an event.
public enum EventReception: Hashable, Sendable {
  case stored
  /// It is known.
  case duplicate
}

/// Which events are wanted; nil is any.
public struct EventFilter: Hashable, Sendable {
  /// The key, or how it begins.
  public var key: String?
  public var profile: String?
  public var kind: String?
  /// About that order or refund.
  public var subject: String?
  /// Received at or after that instant.
  public var since: Milliseconds?
  public var limit = 100

  /// All events.
  public init() {}
}
