/// Why the vault could not do what was asked. The first four are about its content, and are never mixed up: damaged,
/// locked by another key, tampered with, rolled back.
public struct VaultError: Error, Hashable, Sendable, CustomStringConvertible {
  enum Code: String, Hashable, Sendable {
    case damaged
    case wrongKey = "wrong_key"
    case tampered
    case rolledBack = "rolled_back"
    case newer
    case absent
    case exists
    case unprotected
    case busy
    case unavailable
    case noKey = "no_key"
    case unusableKey = "key_unusable"
    case unknown
    case taken
    case refused
  }

  let code: Code
  /// What went wrong, for a person.
  public let description: String
  /// What to do about it.
  public let hint: String?
  /// What is tampered with: a section of the file (`header`, `directory`), or a record as `shop1/access_secret`.
  public let place: String?

  private init(_ code: Code, _ description: String, hint: String?, place: String? = nil) {
    (self.code, self.description, self.hint, self.place) = (code, description, hint, place)
  }

  /// A short name from a fixed set, for metrics and `--json`.
  public var label: String { code.rawValue }

  // MARK: The content

  /// The file is not what was written: its checksum is wrong, or it is no vault.
  static func damaged(_ reason: String) -> Self {
    Self(
      .damaged, "the vault is damaged: \(reason)",
      hint: "restore it from a backup; vault.previous beside it is the version before the last change")
  }

  /// The file is whole, and the key does not open it.
  static func wrongKey(_ reason: String) -> Self {
    Self(.wrongKey, "the vault does not open: \(reason)", hint: "`ebb vault status` says by what it is locked")
  }

  /// The file is whole and the key is right, but something in it was not written by who has the key.
  static func tampered(_ place: String) -> Self {
    Self(
      .tampered, "the vault was tampered with: \(place)",
      hint: "restore it from a backup that you trust, reset the secrets in PandaPon's console, and find out who could"
        + " write the file",
      place: place)
  }

  /// The file is an older one than the store has seen.
  static func rolledBack(found: UInt64, known: UInt64) -> Self {
    Self(
      .rolledBack, "the vault was put back to an older version: it is at change \(found), the store has seen \(known)",
      hint: "if you restored it from a backup on purpose: ebb vault accept-rollback --why …")
  }

  /// A newer Ebb wrote the file.
  static func newer(_ version: Int) -> Self {
    Self(
      .newer, "the vault has format \(version), which a newer Ebb made; this one knows format 1",
      hint: "install that version")
  }

  // MARK: The files

  /// There is no vault.
  public static func absent(_ path: String) -> Self {
    Self(.absent, "there is no vault at \(path)", hint: "`ebb vault init` or `ebb profiles add NAME` makes one")
  }

  /// There is one already.
  public static func exists(_ path: String) -> Self {
    Self(.exists, "there is a vault at \(path) already", hint: "`ebb vault status` shows it")
  }

  /// Others than its owner may read or write a file, or reach it.
  static func unprotected(_ what: String, mode: String, path: String) -> Self {
    Self(.unprotected, "\(what) \(path) is open to other users", hint: "chmod \(mode) \(path)")
  }

  /// A file belongs to someone else.
  static func foreignOwner(_ path: String) -> Self {
    Self(
      .unprotected, "\(path) belongs to another user", hint: "run ebb as that user, or chown it to the one it runs as")
  }

  /// Another process writes the vault and does not end.
  static func busy(_ path: String) -> Self {
    Self(.busy, "another process holds \(path)", hint: "try again")
  }

  /// A file cannot be read or written.
  static func unavailable(_ reason: String, hint: String? = nil) -> Self { Self(.unavailable, reason, hint: hint) }

  // MARK: Keys

  /// Nothing here opens the vault.
  public static func noKey(_ reason: String, hint: String) -> Self { Self(.noKey, reason, hint: hint) }

  /// A key file or a passphrase that can be no key.
  public static func unusableKey(_ reason: String, hint: String) -> Self { Self(.unusableKey, reason, hint: hint) }

  // MARK: What is in it

  /// There is no such thing in the vault.
  static func unknown(_ what: String, hint: String? = nil) -> Self { Self(.unknown, what, hint: hint) }

  /// Something of that name is in the vault already.
  static func taken(_ what: String, hint: String? = nil) -> Self { Self(.taken, what, hint: hint) }

  /// The vault does not take that.
  static func refused(_ reason: String, hint: String? = nil) -> Self { Self(.refused, reason, hint: hint) }
}
