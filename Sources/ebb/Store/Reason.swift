import Foundation

/// Why a person does something, in their words.
enum Reason {
  /// The text without spaces around it.
  ///
  /// - Throws: `CommandFailure` of status `usage` where it says nothing, or is longer than 2,000 bytes.
  static func checked(_ text: String) throws(CommandFailure) -> String {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else {
      throw .usage("--why is empty", hint: "say it in a few words: whoever reads the record asks", label: "no_reason")
    }
    guard text.utf8.count <= 2000 else { throw .usage("--why is longer than 2,000 bytes", label: "no_reason") }
    return text
  }
}
