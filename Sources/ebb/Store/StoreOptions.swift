import ArgumentParser
import Foundation

/// Which store a command uses: `--store`, over it nothing; else `EBB_STORE`; else the project's own.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The store's file, over EBB_STORE; else .ebb/store.db beside ebb.yaml, or in the current folder.",
      valueName: "path"),
    completion: .file())
  var store: String?

  /// Where the store is, as an absolute path, and who said so.
  func location(in configuration: Configuration) throws(CommandFailure) -> Setting<String> {
    guard let store else { return try Self.checked(configuration.store, in: configuration) }
    return try Self.checked(Setting(value: store, origin: .option("--store")), in: configuration)
  }

  /// An address of a database is recognised, so that it does not become a file of that name.
  private static func checked(
    _ setting: Setting<String>, in configuration: Configuration
  ) throws(CommandFailure) -> Setting<String> {
    guard !setting.value.isEmpty else {
      throw .usage("\(setting.origin) is empty", hint: "name the store's file, e.g. .ebb/store.db", label: "no_store")
    }
    if let scheme = setting.value.range(of: "://") {
      throw .configuration(
        "\(setting.origin): \(setting.value[..<scheme.lowerBound]) is no store that this version can use",
        hint: "name a file: SQLite keeps it", label: "store_kind")
    }
    // A path of an option or a variable is the caller's: it begins in the caller's folder.
    let path = URL(filePath: setting.value).standardizedFileURL.path(percentEncoded: false)
    return Setting(value: path, origin: setting.origin)
  }

  /// Makes the folder of a store, for its owner alone; one that exists stays as it is.
  static func makeFolder(of path: String) throws(CommandFailure) {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      let cause = ((error as? CocoaError)?.underlying as? POSIXError)?.code
      let reason = cause.map { String(cString: strerror($0.rawValue)) }
      throw .configuration(
        "the folder \(folder) cannot be made: \(reason ?? error.localizedDescription)",
        hint: "name another place with --store or EBB_STORE", label: "store_folder")
    }
  }
}
