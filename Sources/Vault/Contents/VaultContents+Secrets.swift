import Crypto
public import Redaction

/// A profile's secret in one of its stages.
public struct StagedSecret: Sendable {
  public let stage: SecretStage
  /// Counts the secrets that the profile had, from 1.
  public let version: UInt32
  /// Known to redaction from now on.
  public let secret: SecretBytes
}

extension VaultContents {
  /// A profile's secret in that stage; nil where there is none.
  ///
  /// - Throws: ``VaultError`` `unknown` where there is no such profile, `tampered` where it does not open.
  public func secret(of name: String, _ stage: SecretStage = .current) throws(VaultError) -> StagedSecret? {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    guard let record = record(name, Self.accessSecret, stage) else { return nil }
    return StagedSecret(stage: stage, version: record.place.version, secret: try open(record).registered)
  }

  /// The stages that a profile has secrets in, and their versions; nothing is opened.
  public func stages(of name: String) -> [(stage: SecretStage, version: UInt32)] {
    records(name, Self.accessSecret).map { ($0.place.stage, $0.place.version) }
      .sorted { $0.stage.rawValue < $1.stage.rawValue }
  }

  /// Eight hex digits by which people tell secrets apart, of an HMAC under a key of this vault; after `ebb vault rotate`
  /// they are others.
  public func fingerprint(of name: String, _ stage: SecretStage = .current) throws(VaultError) -> String? {
    guard let record = record(name, Self.accessSecret, stage) else { return nil }
    let key = key.fingerprints
    return try open(record).withBytes { bytes in
      var code = HMAC<SHA256>(key: key)
      code.update(data: bytes)
      return hex(code.finalize().prefix(4))
    }
  }

  /// Keeps the secret that the vendor will make valid: it is tried when the current one is refused.
  public mutating func setPending(_ secret: SecretBytes, of name: String) throws(VaultError) {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    try put(secret, to: name, Self.accessSecret, .secret, .pending)
  }

  /// Makes a secret the one that signs; the one before it stays as PREVIOUS, for callbacks in flight.
  public mutating func setCurrent(_ secret: SecretBytes, of name: String) throws(VaultError) {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    try retireCurrent(of: name)
    try add(secret, to: name, Self.accessSecret, .secret)
  }

  /// Makes the pending secret the current one.
  ///
  /// - Parameter version: the pending secret that was accepted; nil for whichever there is.
  /// - Returns: false where there is no such pending secret any more, since another process has promoted it.
  /// - Throws: ``VaultError`` `refused` where none was named and none is there.
  @discardableResult
  public mutating func promote(_ name: String, version: UInt32? = nil) throws(VaultError) -> Bool {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    guard let pending = record(name, Self.accessSecret, .pending) else {
      if version != nil { return false }
      throw .refused("\(name) has no pending secret", hint: "ebb profiles secret \(name) --pending")
    }
    guard version == nil || version == pending.place.version else { return false }
    try retireCurrent(of: name)
    try move(pending) { $0.stage = .current }
    return true
  }

  /// Forgets the secret that was replaced; false where there is none.
  @discardableResult
  public mutating func dropPrevious(_ name: String) throws(VaultError) -> Bool {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    guard let previous = record(name, Self.accessSecret, .previous) else { return false }
    remove(previous)
    return true
  }

  private mutating func retireCurrent(of name: String) throws(VaultError) {
    guard let current = record(name, Self.accessSecret) else { return }
    if let previous = record(name, Self.accessSecret, .previous) { remove(previous) }
    try move(current) { $0.stage = .previous }
  }
}

extension SecretBytes {
  /// The same bytes, which no sink shows from now on.
  var registered: SecretBytes {
    withBytes { hide(secret: $0) }
    return self
  }
}
