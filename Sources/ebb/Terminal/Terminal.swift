import Foundation
import Redaction

/// What is known of the terminal that a command talks to, and the ways text goes out.
struct Terminal: Sendable {
  /// Columns to fit tables into; nil when standard output is no terminal, so that nothing is cut.
  var width: Int?
  /// How standard output is painted.
  var style: Style
  /// How standard error is painted.
  var errorStyle: Style
  /// Whether standard input is a terminal, so that a person can be asked.
  var canAsk: Bool
  /// Whether standard error is a terminal, so that a progress line can be drawn.
  var showsProgress: Bool

  /// The terminal of this process.
  static var current: Terminal {
    let output = isatty(STDOUT_FILENO) == 1
    let error = isatty(STDERR_FILENO) == 1
    return Terminal(
      environment: ProcessInfo.processInfo.environment, output: output, error: error,
      input: isatty(STDIN_FILENO) == 1, columns: output ? columns(of: STDOUT_FILENO) : nil)
  }

  /// Decides from what is known: colours only on a terminal, and never with `NO_COLOR` (any value but empty) or
  /// `TERM=dumb`.
  init(environment: [String: String], output: Bool, error: Bool, input: Bool, columns: Int?) {
    let colours = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    width = output ? (environment["COLUMNS"].flatMap(Int.init) ?? columns ?? 80) : nil
    style = output && colours ? .coloured : .plain
    errorStyle = error && colours ? .coloured : .plain
    canAsk = input && error
    showsProgress = error && environment["TERM"] != "dumb"
  }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

extension Terminal {
  /// Writes text and a line feed to standard output, without the secrets that were opened: reports and results hold what
  /// scripts and servers said.
  static func print(_ text: String) { write(redact(text) + "\n", to: STDOUT_FILENO) }

  /// Writes text and a line feed to standard error, likewise without secrets.
  static func printError(_ text: String) { write(redact(text) + "\n", to: STDERR_FILENO) }

  /// Writes text as it is; gives up silently when the reader has gone, as `ebb … | head` should.
  static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  /// Writes bytes as they are, whole.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
      }
    }
  }

  /// Replaces what would steer a terminal (control characters, escape sequences, bidirectional overrides) by visible
  /// marks: names and messages come from sellers and servers, and must not be able to repaint what a person reads.
  ///
  /// Line feeds become `␊`, unless `keepLines`.
  static func clean(_ text: String, keepLines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if !isUnsafe(scalar) || (keepLines && scalar == "\n") {
        result.append(scalar)
      } else if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) {
        result.append(picture)
      } else {
        result.append("\u{FFFD}")
      }
    }
    return String(result)
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: true
    default: false
    }
  }
}
