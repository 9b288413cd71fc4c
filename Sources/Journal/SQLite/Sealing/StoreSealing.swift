/// Whether a store's payloads are sealed.
public enum StoreSealing: Int64, Hashable, Sendable {
  /// They are as they are.
  case plain = 0
  /// All of them, since the store was made: one that is not sealed was not written by Ebb.
  case fromTheBeginning = 1
  /// Those that were written since a person asked for it; older ones are as they were.
  case later = 2
}

extension SQLiteStore {
  /// Whether the payloads of the store in that file are sealed, without opening it; nil where there is no store yet.
  public static func sealing(ofStoreAt path: String) -> StoreSealing? {
    guard let meta = StoreMeta(path: path), meta.text("store") != nil else { return nil }
    return meta.integer(MetaName.sealed.rawValue).flatMap(StoreSealing.init(rawValue:)) ?? .plain
  }

  /// Says that payloads are sealed from now on.
  ///
  /// - Returns: false where they were already.
  public func sealFromNowOn() async throws(JournalError) -> Bool {
    try await write { transaction in
      guard try transaction.reader.meta(.sealed) ?? 0 == 0 else { return false }
      try transaction.setMeta(.sealed, .integer(StoreSealing.later.rawValue))
      return true
    }
  }
}
