public import JSON

/// Whose memory something is: a playbook has one for each shop.
public struct StateScope: Hashable, Sendable {
  public let playbook: String
  public let profile: String

  /// The memory of that playbook for that shop.
  public init(playbook: String, profile: String) {
    self.playbook = playbook
    self.profile = profile
  }
}

/// The name of something that a playbook remembers between its runs.
public struct StateKey: Hashable, Sendable {
  public let scope: StateScope
  /// What a claim is one of, e.g. `waybill`; nil for a value.
  public let namespace: String?
  public let name: String

  /// The name of a value, or of a claim where there is a namespace.
  public init(_ name: String, in namespace: String? = nil, of scope: StateScope) {
    self.scope = scope
    self.namespace = namespace
    self.name = name
  }
}

/// Something that a playbook remembers: a value, or who was the first to claim a name.
public struct StateEntry: Hashable, Sendable {
  public let key: StateKey
  /// The value; of a claim the owner, as text.
  public let value: JSON
  public let changed: Milliseconds
  /// The run that kept it, or the person who set it.
  public let by: String

  /// An entry as it stands.
  public init(_ key: StateKey, value: JSON, changed: Milliseconds, by: String) {
    self.key = key
    self.value = value
    self.changed = changed
    self.by = by
  }
}

/// How much a playbook may remember for one shop.
public enum StateLimit {
  /// So many values.
  public static let values = 10_000
  /// So many claims: they are small, and one is made for each waybill, say.
  public static let claims = 100_000
  /// Bytes of a value as JSON.
  public static let valueBytes = 65_536
  /// Bytes of a key: all keys of a playbook fit into one answer (1 MB).
  public static let keyBytes = 100
  /// Bytes of a claim's namespace.
  public static let namespaceBytes = 64
  /// Bytes of the owner of a claim.
  public static let ownerBytes = 200
}

/// What of playbooks' memories is wanted; nil is any.
public struct StateFilter: Hashable, Sendable {
  /// Values or claims.
  public enum Kind: Hashable, Sendable {
    case values
    /// Claims, of that namespace where there is one.
    case claims(in: String?)
  }

  public var playbook: String?
  public var profile: String?
  public var kind: Kind?
  /// The whole key.
  public var name: String?
  /// How keys begin.
  public var prefix: String?
  public var limit = 100

  /// All that is remembered.
  public init() {}

  /// The values of one memory whose keys begin so.
  public init(of scope: StateScope, prefix: String? = nil) {
    playbook = scope.playbook
    profile = scope.profile
    kind = .values
    self.prefix = prefix
    limit = .max
  }

  /// That one entry.
  public init(_ key: StateKey) {
    playbook = key.scope.playbook
    profile = key.scope.profile
    kind = key.namespace.map { .claims(in: $0) } ?? .values
    name = key.name
    limit = 1
  }
}

extension StateKey {
  /// What a person changes, as the trail names it.
  var subject: String { "\(scope.playbook) (\(scope.profile)) \(namespace.map { "\($0):" } ?? "")\(name)" }
}

extension StateFilter {
  /// What a person forgets, as the trail names it.
  var subject: String {
    var what = name ?? prefix.map { "\($0)…" } ?? "all"
    switch kind {
    case .claims(let namespace)?: what = "\(namespace ?? "claims"):\(what)"
    case .values?, nil: break
    }
    return "\(playbook ?? "all") (\(profile ?? "all shops")) \(what)"
  }
}
