import Catalogue
import Foundation
import Journal
import PandaPon
import Playbooks
import Vault
import Workers

/// What the checks of `ebb doctor` look at. Nothing of it is changed.
struct Patient: Sendable {
  /// The configuration, or why it cannot be read.
  let configuration: Result<Configuration, CommandFailure>
  /// Where the store is, or why that cannot be told.
  let storePath: Result<String, CommandFailure>
  /// The catalogue, or why it cannot be read.
  let catalogue: Result<Catalogue, CommandFailure>
  /// Carries requests that are not signed and change nothing; nil where nothing is to leave this machine.
  let transport: (any Transport)?
  /// The wall clock, in milliseconds since 1970 UTC.
  let now: @Sendable () -> Milliseconds
  /// Where the machine keeps its time zones.
  var zoneFolder = "/usr/share/zoneinfo"
  /// How sure a profile's signing recipe is, where somebody keeps that.
  var recipeGrade: @Sendable (_ profile: String) async -> RecipeGrade? = { _ in nil }

  /// Whether there is a store yet.
  var hasStore: Bool { (try? storePath.get()).map { FileManager.default.fileExists(atPath: $0) } ?? false }

  /// The store, for looking into it.
  func store() throws(CommandFailure) -> SQLiteStore {
    let path = try storePath.get()
    do throws(JournalError) {
      return try SQLiteStore(path: path, for: .reading)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The profiles that can be used, by name.
  var profiles: [Profile] {
    guard let configuration = try? configuration.get() else { return [] }
    return configuration.profiles.values.sorted { $0.name < $1.name }
      .compactMap { try? configuration.checkedProfile($0) }
  }

  /// The permission bits of a file or a folder; nil where there is none.
  static func mode(of path: String) -> Int? {
    ((try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber)?.intValue
  }
}

extension CommandFailure {
  /// What went wrong, as a command would say it.
  init(anything error: any Error) {
    switch error {
    case let own as CommandFailure: self = own
    case let error as JournalError: self.init(error)
    case let error as VaultError: self.init(error)
    default: self.init(.failed, "\(error)")
    }
  }
}
