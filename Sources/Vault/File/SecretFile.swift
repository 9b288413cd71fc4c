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
    do throws(SecretBytes.ReadingError) {
      return try SecretBytes.reading(descriptor, most: most)
    } catch {
      switch error {
      case .failed(let number):
        errno = number
        throw FileModes.failure(path, "cannot be read")
      case .tooMany: throw .unusableKey("\(path) has more than \(most) bytes", hint: "is it the right file?")
      }
    }
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
