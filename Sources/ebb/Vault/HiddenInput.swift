import Foundation
import Redaction

/// What a person types without anyone seeing it: the terminal shows nothing of it, and no `String` holds it.
enum HiddenInput {
  /// The most that is read.
  private static let most = 4096

  /// Asks on the terminal; nil where there is none, or the person gives up (Ctrl-C, Ctrl-D).
  static func ask(_ question: String) -> SecretBytes? {
    guard Terminal.current.canAsk else { return nil }
    ProcessSecrecy.keep()
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var silent = before
    // Key by key, so that Ctrl-C is a key, too: whatever ends this puts the terminal back.
    silent.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else { return nil }
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
    Terminal.write(question, to: STDERR_FILENO)
    defer { Terminal.write("\n", to: STDERR_FILENO) }
    return line()
  }

  private static func line() -> SecretBytes? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: most, alignment: 1)
    defer {
      wipe(buffer)
      buffer.deallocate()
    }
    var count = 0
    while true {
      var key: UInt8 = 0
      let read = Foundation.read(STDIN_FILENO, &key, 1)
      if read < 0 && errno == EINTR { continue }
      guard read == 1 else { return nil }
      switch key {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        return SecretBytes(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      case 0x03, 0x04: return nil
      case 0x15: count = 0
      case 0x08, 0x7F:
        // A character at a time, not a byte.
        while count > 0 {
          count -= 1
          if buffer[count] & 0xC0 != 0x80 { break }
        }
      case 0x20...:
        guard count < most else { return nil }
        buffer[count] = key
        count += 1
      default: break
      }
    }
  }
}
