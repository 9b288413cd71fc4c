internal import Foundation
internal import GRDB

/// What a store knows of itself, read and written for a moment, without opening the store: by whoever has to know before
/// the store can be opened.
struct StoreMeta {
  private let queue: DatabaseQueue

  /// Nil where there is no store, or it cannot be opened.
  init?(path: String, forWriting: Bool = false) {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    var configuration = GRDB.Configuration()
    configuration.readonly = !forWriting
    configuration.busyMode = .timeout(5)
    guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
    let mark = try? queue.read { try Int64.fetchOne($0, sql: "PRAGMA application_id") }
    guard mark.flatMap({ $0 }) == Int64(StoreFile.applicationID) else { return nil }
    self.queue = queue
  }

  func integer(_ name: String) -> Int64? {
    (try? queue.read { try Int64.fetchOne($0, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name]) })
      .flatMap { $0 }
  }

  func text(_ name: String) -> String? {
    (try? queue.read { try String.fetchOne($0, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name]) })
      .flatMap { $0 }
  }

  /// Keeps numbers that only rise.
  func raise(_ numbers: [String: Int64]) throws {
    try queue.write { database in
      for (name, value) in numbers {
        try database.execute(
          sql: """
            INSERT INTO meta (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)
            """, arguments: [name, value])
      }
    }
  }
}

extension SQLiteStore {
  /// Numbers that others keep in the store in that file, under names of their own; 0 where there is none. They only rise:
  /// who puts another file back to what it was does not put these back.
  public static func marks(_ names: [String], ofStoreAt path: String) -> [String: Int64] {
    guard let meta = StoreMeta(path: path) else { return [:] }
    var marks: [String: Int64] = [:]
    for name in names { marks[name] = meta.integer("mark_" + name) }
    return marks
  }

  /// Raises such numbers where they are lower.
  ///
  /// - Returns: whether they are kept: there may be no store yet, or it may not be writable.
  @discardableResult
  public static func raise(marks: [String: Int64], ofStoreAt path: String) -> Bool {
    guard let meta = StoreMeta(path: path, forWriting: true) else { return false }
    let named = Dictionary(uniqueKeysWithValues: marks.map { ("mark_" + $0.key, $0.value) })
    return (try? meta.raise(named)) != nil
  }
}
