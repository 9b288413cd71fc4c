import Foundation
import Redaction

/// Small files, read and written without copies that nobody wipes.
enum SecretFile {
  /// All of a file.
  ///
  /// - Parameter most: more bytes than this are refused.
  static func read(_ path: String, most: Int) throws(VaultError) -> SecretBytes {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileModes.failure(path, "cannot be read") }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: most + 1, alignment: 1)
    defer {
      wipe(buffer)
      buffer.deallocate()
    }
    var count = 0
    while count <= most {
      let read = Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, most + 1 - count)
      if read < 0 && errno == EINTR { continue }
      guard read >= 0 else { throw FileModes.failure(path, "cannot be read") }
      if read == 0 { break }
      count += read
    }
    guard count <= most else {
      throw .unusableKey("\(path) has more than \(most) bytes", hint: "is it the right file?")
    }
    return SecretBytes(unregistered: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }

  /// All bytes to a file that is open.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(VaultError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw FileModes.failure(path, "cannot be written") }
      rest = rest.dropFirst(written)
    }
  }
}
