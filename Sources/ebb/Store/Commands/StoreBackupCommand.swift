import ArgumentParser
import Foundation
import JSON
import Journal

/// `ebb store backup FILE`
struct StoreBackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the store to a file while it is in use.",
    discussion: """
      The copy is checked before it gets its name, and is for its owner alone. To
      restore it, stop all that uses the store, put the copy in its place, and
      remove store.db-wal and store.db-shm. Ebb sees that it is a copy, and looks
      for every write before it sends one, until all that was unfinished is settled.

      Example:
        ebb store backup /backups/ebb-2026-11-23.db
      """)

  @Argument(help: "The copy; it must not exist.", completion: .file())
  var file: String

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let store = try storeOptions.open(in: try Configuration.load())
    let path = URL(filePath: file).standardizedFileURL.path(percentEncoded: false)
    try await store.backup(to: path)
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    if output.json {
      let document: JSON = [
        "status": "done", "exit_code": 0, "store": .string(store.path), "file": .string(path),
        "bytes": .integer(Int64(size)),
      ]
      Terminal.print(document.text(.pretty))
    } else {
      Terminal.print(Terminal.clean("\(path): \(CountText.grouped(size)) bytes"))
    }
  }
}
