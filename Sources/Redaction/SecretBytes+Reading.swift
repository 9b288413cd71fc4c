#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension SecretBytes {
  /// Why bytes could not be read.
  public enum ReadingError: Error {
    /// The system's reason, an `errno`.
    case failed(Int32)
    /// There are more than was allowed.
    case tooMany
  }

  /// All that a descriptor has, into memory that is wiped; the `Redaction` room does not know it yet.
  ///
  /// - Parameter most: more bytes than this are refused.
  public static func reading(_ descriptor: Int32, most: Int) throws(ReadingError) -> SecretBytes {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: most + 1, alignment: 1)
    defer {
      wipe(buffer)
      buffer.deallocate()
    }
    var count = 0
    while count <= most {
      let got = read(descriptor, buffer.baseAddress.map { $0 + count }, most + 1 - count)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .failed(errno) }
      if got == 0 { break }
      count += got
    }
    guard count <= most else { throw .tooMany }
    return SecretBytes(unregistered: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }
}
