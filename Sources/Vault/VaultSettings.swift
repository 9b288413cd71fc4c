/// How a vault is used: what opens it, what is known of it elsewhere, who does what is done.
public struct VaultSettings: Sendable {
  /// What opens it.
  public var source: any KeySource
  /// Who does what is done, for the trail.
  public var who: String
  /// The present, in milliseconds since 1970 UTC.
  public var now: @Sendable () -> Int64
  /// What is known of the vault elsewhere, so that an older file shows.
  public var marks: any VaultMarks = NoMarks()
  /// Where keys, nonces and salts come from.
  public var entropy = Entropy.system
  /// Called at each step of a write. For tests of what a crash leaves.
  var reached: @Sendable (VaultFile.Step) throws(VaultError) -> Void = { (_: VaultFile.Step) throws(VaultError) in }
  /// From this size on the trail goes on in a new file.
  var mostTrailBytes = 4 << 20

  /// Settings with what has no default.
  public init(source: any KeySource, who: String, now: @escaping @Sendable () -> Int64) {
    (self.source, self.who, self.now) = (source, who, now)
  }
}

/// How far a vault has come, as it is known outside of it.
public struct VaultMark: Hashable, Sendable {
  /// The highest count of writes that was seen.
  public var counter: UInt64
  /// The highest number of a line of the trail that was seen.
  public var auditSequence: UInt64

  /// A mark of these parts.
  public init(counter: UInt64, auditSequence: UInt64) {
    (self.counter, self.auditSequence) = (counter, auditSequence)
  }
}

/// Keeps, apart from a vault, how far it has come: the store does.
public protocol VaultMarks: Sendable {
  /// What is known of that vault; nil where nothing is.
  func mark(of vault: VaultID) -> VaultMark?
  /// Keeps what was seen; a mark never goes back. What cannot be kept now is kept another time.
  func raise(_ mark: VaultMark, of vault: VaultID)
}

/// Knows nothing: an older file does not show.
public struct NoMarks: VaultMarks {
  /// No marks.
  public init() {}

  public func mark(of vault: VaultID) -> VaultMark? { nil }
  public func raise(_ mark: VaultMark, of vault: VaultID) {}
}
