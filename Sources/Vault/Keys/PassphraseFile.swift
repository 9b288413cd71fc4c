public import Redaction

/// A file with a passphrase in its only line.
public struct PassphraseFile: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// Whether it is given by the system, see ``KeyFile/isGiven``.
  public let isGiven: Bool

  /// A passphrase file at that path.
  public init(_ path: String, isGiven: Bool = false) {
    (self.path, self.isGiven) = (path, isGiven)
  }

  /// Whether there is a file.
  public var isThere: Bool { (try? FileModes.exists(path)) ?? true }

  /// The passphrase, without the line break at its end.
  ///
  /// - Throws: ``VaultError`` `noKey` where there is no file, `unprotected` where others may read it.
  public func read() throws(VaultError) -> SecretBytes {
    guard try FileModes.exists(path) else {
      throw .noKey("there is no passphrase file at \(path)", hint: "EBB_PASSPHRASE_FILE names it")
    }
    if !isGiven { try FileModes.check(file: path, as: "the passphrase file") }
    let bytes = try SecretFile.read(path, most: 4096)
    return bytes.withBytes { SecretBytes(Self.line($0)) }
  }

  /// The bytes before a line break at the end.
  static func line(_ bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
    var line = bytes[...]
    if line.last == UInt8(ascii: "\n") { line.removeLast() }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
  }
}
