/// One step from a schema to the next: forward only, in one transaction. A migration that was released is never changed.
struct Migration: Sendable {
  /// The version that the store has afterwards, from 1.
  let version: Int
  /// What makes it so.
  let statements: String

  /// All, in order. A new one goes to the end, in a file of its own.
  static let all: [Migration] = [.version1, .version2, .version3]
}
