import Foundation
import Redaction

/// A secret from standard input, into memory that is wiped.
enum SecretInput {
  /// The most that is read: 1 MiB.
  private static let most = 1 << 20

  /// All of standard input.
  static func all() throws(CommandFailure) -> SecretBytes {
    ProcessSecrecy.keep()
    do throws(SecretBytes.ReadingError) {
      return try SecretBytes.reading(STDIN_FILENO, most: most)
    } catch {
      switch error {
      case .failed(let number): throw .usage("standard input cannot be read: \(String(cString: strerror(number)))")
      case .tooMany: throw .usage("standard input has more than 1 MiB")
      }
    }
  }

  /// One secret: typed on the terminal, or the only line of standard input.
  static func one(_ question: String) throws(CommandFailure) -> SecretBytes {
    if Terminal.current.canAsk {
      guard let secret = HiddenInput.ask(question) else { throw CommandFailure(.interrupted, "interrupted") }
      return secret
    }
    return try all().withBytes { bytes throws(CommandFailure) in
      var line = bytes[...]
      if line.last == UInt8(ascii: "\n") { line.removeLast() }
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      guard !line.contains(UInt8(ascii: "\n")) else {
        throw .usage("standard input has more than one line", hint: "printf %s \"$SECRET\" | ebb …")
      }
      return SecretBytes(line)
    }
  }

  /// Asks twice, for what cannot be seen: until both are the same.
  static func twice(_ question: String) throws(CommandFailure) -> SecretBytes {
    while true {
      guard let first = HiddenInput.ask(question), let second = HiddenInput.ask("Once more: ") else {
        guard Terminal.current.canAsk else {
          throw .usage("nobody can be asked for a passphrase here", hint: "--passphrase-file names a file with it")
        }
        throw CommandFailure(.interrupted, "interrupted")
      }
      if SecretBytes.same(first, second) { return first }
      Terminal.printError("they are not the same")
    }
  }
}
