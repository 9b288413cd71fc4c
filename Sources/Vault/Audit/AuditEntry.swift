/// What was done with a vault, for its trail; never a value.
public struct AuditEntry: Hashable, Sendable {
  /// What was done.
  public enum Action: String, Hashable, Sendable, CaseIterable {
    /// The vault was made.
    case create
    /// It was opened in vain; the only thing that is recorded without a key.
    case open
    /// A profile's secret was opened to sign or to verify with.
    case use
    case addProfile = "add_profile"
    case editProfile = "edit_profile"
    case removeProfile = "remove_profile"
    case renameProfile = "rename_profile"
    case defaultProfile = "default_profile"
    case setPending = "set_pending"
    case setCurrent = "set_current"
    case promote
    case dropPrevious = "drop_previous"
    case setSigning = "set_signing"
    case prove
    case addChannel = "add_channel"
    case removeChannel = "remove_channel"
    case addStoreKey = "add_store_key"
    case rekey
    case rotate
    case acceptRollback = "accept_rollback"
    /// Lines without a key before this one are part of the chain from now on.
    case absorb
    /// The trail goes on in a new file.
    case proceed = "continue"
  }

  public var action: Action
  /// The profile, or `channel:NAME`; nil for what concerns the vault.
  public var profile: String?
  /// What of it, or in whose place, e.g. `access_secret`, or the new name.
  public var field: String?
  /// How it ended: `done`, or the label of the error.
  public var outcome = "done"

  /// An entry of these parts.
  public init(_ action: Action, profile: String? = nil, field: String? = nil, outcome: String = "done") {
    (self.action, self.profile, self.field, self.outcome) = (action, profile, field, outcome)
  }
}

/// The last line of a trail: its number and its code.
struct AuditHead: Hashable, Sendable {
  var sequence: UInt64
  var code: [UInt8]

  /// Before the first line.
  static let none = AuditHead(sequence: 0, code: [UInt8](repeating: 0, count: 32))
}
