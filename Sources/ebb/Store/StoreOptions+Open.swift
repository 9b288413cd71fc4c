import Foundation
import Journal
import Playbooks

extension StoreOptions {
  /// What a command does with the store.
  enum Use {
    /// Looks into it: one that is not there yet is empty, and is not made.
    case reading
    /// Changes it: one that is not there yet is made, with its folder.
    case writing
  }

  /// Opens the store that holds.
  ///
  /// - Throws: `CommandFailure` of status `configuration` where its place cannot be used, ``JournalError`` where it
  ///   cannot be opened.
  func open(_ use: Use, in configuration: Configuration) async throws -> any Store {
    let path = try location(in: configuration).value
    switch use {
    case .reading:
      guard FileManager.default.fileExists(atPath: path) else {
        Terminal.printError("ebb: there is no store at \(path) yet")
        return MemoryJournal()
      }
      return try SQLiteStore(path: path, for: .reading, settings: Self.settings(path, configuration.vault))
    case .writing:
      try Self.makeFolder(of: path)
      let store = try SQLiteStore(path: path, settings: Self.settings(path, configuration.vault))
      if let copy = store.putAside {
        Terminal.printError("ebb: the store was brought to this version; as it was before it is kept in \(copy)")
      }
      return store
    }
  }

  /// Opens the store to advance runs, and once a day removes from it what is over for long: nothing grows for ever (G22).
  ///
  /// What cannot be removed now is removed another day: no run fails because of it.
  func openForRuns(in configuration: Configuration) async throws -> any Store {
    let store = try await open(.writing, in: configuration)
    if let store = store as? SQLiteStore { _ = try? await store.pruneDaily(at: SystemClock().now()) }
    return store
  }
}
