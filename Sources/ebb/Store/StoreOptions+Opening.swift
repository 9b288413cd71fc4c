import Journal

extension StoreOptions {
  /// Opens the store that holds; for writing it is made where there is none.
  func open(
    in configuration: Configuration, for purpose: SQLiteStore.Purpose = .writing
  ) throws(CommandFailure) -> SQLiteStore {
    let location = try location(in: configuration)
    do {
      let store = try SQLiteStore(
        path: location.value, for: purpose, settings: Self.settings(location.value, configuration.vault))
      if let copy = store.putAside {
        Terminal.printError("ebb: the store was brought to this version's form; as it was it is in \(copy)")
      }
      return store
    } catch {
      throw CommandFailure(error)
    }
  }
}
