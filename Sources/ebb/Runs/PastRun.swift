import Catalogue
import Foundation
import JSON
import Journal
import Playbooks

/// A run to be looked into: out of the store, or out of a bundle of any machine.
struct PastRun {
  let history: RunHistory
  let version: PlaybookVersion
  /// Where it came from, for people.
  let origin: String
  /// What was done to a bundle when it was written; nil for a run of the store.
  let redaction: JSON?

  /// The run or the bundle of that name: a file where there is one, else a run.
  init(_ name: String, in options: StoreOptions) async throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), !isFolder.boolValue {
      try self.init(bundle: name)
      return
    }
    if name.hasSuffix(".json") || name.contains("/") {
      throw CommandFailure.usage(
        "there is no bundle \(Terminal.clean(name))", hint: "`ebb runs bundle RUN -o FILE` writes one", label: "no_file"
      )
    }
    let store = try await options.open(.reading, in: try Configuration.load())
    let record = try await RunLookup(store: store).run(name)
    try await self.init(record.id, in: store)
  }

  /// A run of the store.
  init(_ run: RunID, in store: any Journal) async throws {
    guard let history = try await store.history(of: run) else { throw JournalError.unknownRun(run) }
    guard let version = try await store.version(history.record.version) else {
      throw JournalError.damaged("the version \(history.record.version) of the run \(run) is not in the store")
    }
    self.init(history: history, version: version, origin: run.text, redaction: nil)
  }

  /// A bundle.
  init(bundle path: String) throws(CommandFailure) {
    let bytes = try InputFile.read(path, limit: 1_000_000_000)
    let bundle: RunBundle
    do {
      bundle = try RunBundle(reading: try JSON(parsing: bytes))
    } catch let problem as BundleProblem {
      throw .usage("\(path): \(problem)", hint: "`ebb runs bundle RUN -o FILE` writes one", label: "bundle")
    } catch {
      throw .usage("\(path) is no JSON: \(error)", hint: "`ebb runs bundle RUN -o FILE` writes one", label: "bundle")
    }
    self.init(history: bundle.history, version: bundle.version, origin: path, redaction: bundle.redaction)
  }

  private init(history: RunHistory, version: PlaybookVersion, origin: String, redaction: JSON?) {
    self.history = history
    self.version = version
    self.origin = origin
    self.redaction = redaction
  }

  /// Plays it again from its journal alone.
  func replay(
    with other: PlaybookVersion? = nil, watcher: (any ReplayWatcher)? = nil
  ) async throws -> ReplayReport {
    do {
      return try await RunReplay.play(
        history, version: other ?? version, catalogue: try Catalogue.forCommands(), watcher: watcher)
    } catch let problem as ParameterProblem {
      throw CommandFailure(.failed, "\(origin): \(problem.description)", hint: problem.hint, label: "header")
    }
  }
}
