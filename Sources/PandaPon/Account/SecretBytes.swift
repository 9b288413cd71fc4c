import Redaction

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes that must never be shown: held outside of any `String`, wiped when the last reference goes, printed as nothing.
///
/// Making one registers the bytes with the `Redaction` room, so that no sink shows them from then on.
public final class SecretBytes: @unchecked Sendable {
  // Unchecked, and sound: the buffer is filled in `init`, before the reference can be shared, only read afterwards, and
  // freed in `deinit`, when no reference is left.
  private let buffer: UnsafeMutableRawBufferPointer

  /// A copy of the bytes; the caller wipes its own.
  public convenience init(_ bytes: some Collection<UInt8>) {
    self.init(unregistered: bytes)
    hide(secret: bytes)
  }

  /// A copy of bytes that never stand in a text of ours, so that the `Redaction` room need not know them: there may be
  /// many of them, while it keeps all it knows.
  init(unregistered bytes: some Collection<UInt8>) {
    buffer = .allocate(byteCount: bytes.count, alignment: 1)
    buffer.copyBytes(from: bytes)
  }

  /// The value of an environment variable, read without ever making a `String` of it; nil where it is not set.
  public convenience init?(environment name: String) {
    guard let value = getenv(name) else { return nil }
    self.init(UnsafeRawBufferPointer(start: value, count: strlen(value)))
  }

  deinit {
    wipe(buffer)
    buffer.deallocate()
  }

  /// How many bytes there are.
  public var count: Int { buffer.count }

  /// Lends the bytes; the pointer is not valid after the closure.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(buffer))
  }

  /// Whether both hold the same bytes, in a time that depends on their number only.
  public static func same(_ left: SecretBytes, _ right: SecretBytes) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left.buffer, right.buffer).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always the mask; never a byte, nor how many there are.
  public var description: String { Redactor.mask }
  public var debugDescription: String { Redactor.mask }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Overwrites memory in a way the compiler may not leave out.
func wipe(_ buffer: UnsafeMutableRawBufferPointer) {
  guard let start = buffer.baseAddress, buffer.count > 0 else { return }
  explicit_bzero(start, buffer.count)
}
