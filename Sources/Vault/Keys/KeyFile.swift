import Foundation
public import Redaction

/// A file of 32 random bytes that opens a vault.
public struct KeyFile: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// Whether it is given by the system (systemd's credentials, a container's secrets), which protects it by other means
  /// than its mode.
  public let isGiven: Bool

  /// A key's bytes.
  static let length = 32

  /// A key file at that path.
  public init(_ path: String, isGiven: Bool = false) {
    (self.path, self.isGiven) = (path, isGiven)
  }

  /// The key; nil where there is no file.
  ///
  /// - Throws: ``VaultError`` `unprotected` where others may read it, `unusableKey` where it has no 32 bytes.
  public func read() throws(VaultError) -> SecretBytes? {
    guard try FileModes.exists(path) else { return nil }
    if !isGiven { try FileModes.check(file: path, as: "the key file") }
    let bytes = try SecretFile.read(path, most: 4096)
    guard bytes.count == Self.length else { throw Self.wrongLength(path) }
    return bytes
  }

  /// Makes the file with a fresh key, for its owner alone, and its folder where there is none.
  ///
  /// - Throws: ``VaultError`` `exists` where there is a file already: other vaults may be locked by it.
  public func make(_ entropy: Entropy = .system) throws(VaultError) -> SecretBytes {
    try FileModes.makeFolder(of: path)
    let key = entropy.secret(Self.length)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      guard errno == EEXIST else { throw FileModes.failure(path, "cannot be made") }
      throw .taken(
        "there is a key file at \(path) already", hint: "name another place: other vaults may be locked by it")
    }
    defer { close(descriptor) }
    try key.withBytes { bytes throws(VaultError) in try SecretFile.write(bytes, to: descriptor, path) }
    guard fsync(descriptor) == 0 else { throw FileModes.failure(path, "cannot be written") }
    try FileModes.sync(folderOf: path)
    return key
  }

  static func wrongLength(_ what: String) -> VaultError {
    .unusableKey("\(what) is no key: a key has \(length) bytes", hint: "head -c 32 /dev/urandom makes one")
  }
}
