import Journal
import Vault

/// Keeps in the project's store how far the vault has come, so that an older vault file shows.
struct VaultMarksInStore: VaultMarks {
  /// The store's file; there may be none yet.
  let path: String

  func mark(of vault: VaultID) -> VaultMark? {
    let (counter, sequence) = Self.names(vault)
    let marks = SQLiteStore.marks([counter, sequence], ofStoreAt: path)
    guard !marks.isEmpty else { return nil }
    return VaultMark(
      counter: UInt64(clamping: marks[counter] ?? 0), auditSequence: UInt64(clamping: marks[sequence] ?? 0))
  }

  func raise(_ mark: VaultMark, of vault: VaultID) {
    let (counter, sequence) = Self.names(vault)
    let known = self.mark(of: vault)
    guard known.map({ $0.counter < mark.counter || $0.auditSequence < mark.auditSequence }) ?? true else { return }
    SQLiteStore.raise(
      marks: [counter: Int64(clamping: mark.counter), sequence: Int64(clamping: mark.auditSequence)], ofStoreAt: path)
  }

  private static func names(_ vault: VaultID) -> (counter: String, sequence: String) {
    ("vault_counter_\(vault)", "vault_trail_\(vault)")
  }
}
