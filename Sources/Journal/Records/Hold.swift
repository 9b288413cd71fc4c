public import JSON

/// A person's word that nothing is to be written to one order or refund, whatever the playbook.
public struct Hold: Hashable, Sendable {
  /// The id as people know it: of an order, an order line, a refund.
  public let subject: String
  /// The shop it holds for; nil for all.
  public let profile: String?
  public let why: String
  /// Who set it.
  public let by: String
  public let since: Milliseconds
  /// When it ends by itself; nil for never.
  public let until: Milliseconds?

  /// A hold on that subject.
  public init(
    subject: String, profile: String?, why: String, by: String, since: Milliseconds, until: Milliseconds? = nil
  ) {
    self.subject = subject
    self.profile = profile
    self.why = why
    self.by = by
    self.since = since
    self.until = until
  }

  /// Whether it is in force at that instant.
  public func holds(at instant: Milliseconds) -> Bool { until.map { instant < $0 } ?? true }
}

/// The switch: no write leaves, for one shop or for all.
public struct Freeze: Hashable, Sendable {
  /// The shop; nil for all.
  public let profile: String?
  public let why: String?
  /// Who set it.
  public let by: String
  public let since: Milliseconds

  /// A freeze of that shop, or of all.
  public init(profile: String?, why: String?, by: String, since: Milliseconds) {
    self.profile = profile
    self.why = why
    self.by = by
    self.since = since
  }
}

extension Sequence<Hold> {
  /// The tags that scripts of a shop see of what is held, by id: `{"110000235001": ["hold"]}`.
  public func tags(for profile: String) -> JSON {
    var tags = JSONObject()
    for hold in self where hold.profile == nil || hold.profile == profile { tags[hold.subject] = ["hold"] }
    return .object(tags)
  }
}
