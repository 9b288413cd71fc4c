internal import Synchronization

/// Texts that come again and again (operations, lines of scripts, playbooks, shops), each kept once and known by its
/// number. A word is never changed or taken away, so what is known of it stays true whatever other processes write.
final class Words: Sendable {
  private struct Known {
    var numbers: [String: Int64] = [:]
    var texts: [Int64: String] = [:]
  }

  private let known = Mutex(Known())

  func number(of text: String) -> Int64? {
    known.withLock { $0.numbers[text] }
  }

  /// Call it only with words that are committed.
  func learn(_ words: [String: Int64]) {
    guard !words.isEmpty else { return }
    known.withLock { known in
      for (text, number) in words {
        known.numbers[text] = number
        known.texts[number] = text
      }
    }
  }

  /// - Parameter isCommitted: whether all that the connection sees is.
  func text(_ number: Int64, on connection: Connection, isCommitted: Bool) throws -> String {
    if let text = known.withLock({ $0.texts[number] }) { return text }
    let found = try connection.first("SELECT text FROM words WHERE id = ?", .integer(number)) { $0.text(0) }
    guard let found else { throw JournalError.damaged("the store lacks its word \(number)") }
    if isCommitted { learn([found: number]) }
    return found
  }
}
