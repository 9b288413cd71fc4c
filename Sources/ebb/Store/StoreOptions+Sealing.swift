import Journal

extension StoreOptions {
  /// How the store in that file is kept: one that says it is sealed opens by the vault; one that is made now is sealed from
  /// the beginning where there is a vault; all others are as they are, until `ebb vault seal-store`.
  static func settings(_ path: String, _ vault: VaultDoor) -> SQLiteStore.Settings {
    var settings = SQLiteStore.Settings()
    switch SQLiteStore.sealing(ofStoreAt: path) {
    case nil where vault.isThere:
      settings.codec = SealedPayloads(vault, acceptsPlain: false)
      settings.sealsFromTheBeginning = true
    case .fromTheBeginning: settings.codec = SealedPayloads(vault, acceptsPlain: false)
    case .later: settings.codec = SealedPayloads(vault, acceptsPlain: true)
    case nil, .plain: break
    }
    return settings
  }
}
