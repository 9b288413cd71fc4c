#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes that must never be shown: held outside of any `String`, veiled as long as nobody needs them (``Veil``), wiped when
/// the last reference goes, printed as nothing.
///
/// Making one registers the bytes with this room, so that no sink shows them from then on.
public final class SecretBytes: @unchecked Sendable {
  // Unchecked, and sound: the buffer is filled in `init`, before the reference can be shared, only read afterwards, and
  // freed in `deinit`, when no reference is left.
  private let buffer: UnsafeMutableRawBufferPointer

  /// A copy of the bytes; the caller wipes its own.
  public convenience init(_ bytes: some Collection<UInt8>) {
    self.init(unregistered: bytes)
    hide(secret: bytes)
  }

  /// A copy of bytes that never stand in a text of ours, such as keys, so that this room need not know them: there may be
  /// many of them, while it keeps all it knows.
  public init(unregistered bytes: some Collection<UInt8>) {
    buffer = .allocate(byteCount: bytes.count, alignment: 1)
    buffer.copyBytes(from: bytes)
    Veil.lay(over: buffer)
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

  /// Lends the bytes; the pointer is not valid after the closure, when what it points to is wiped.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count, alignment: 1)
    defer {
      wipe(plain)
      plain.deallocate()
    }
    plain.copyMemory(from: UnsafeRawBufferPointer(buffer))
    Veil.lay(over: plain)
    return try body(UnsafeRawBufferPointer(plain))
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
public func wipe(_ buffer: UnsafeMutableRawBufferPointer) {
  guard let start = buffer.baseAddress, buffer.count > 0 else { return }
  explicit_bzero(start, buffer.count)
}

/// Overwrites what was freed in this thread a moment ago, as far as the allocator hands it out again: contexts of digests have
/// a block of what they digested in them, and are freed as they are by whoever owns them.
public func wipeFreed() {
  withUnsafeTemporaryAllocation(of: UnsafeMutableRawBufferPointer.self, capacity: 64) { blocks in
    var count = 0
    // From the smallest context of a digest with its header to the largest.
    for size in stride(from: 96, through: 288, by: 16) {
      for _ in 0..<4 {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: size - 8, alignment: 1)
        wipe(block)
        blocks.initializeElement(at: count, to: block)
        count += 1
      }
    }
    for index in 0..<count { blocks[index].deallocate() }
  }
}
