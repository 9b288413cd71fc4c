import Foundation
import JSON
import Journal

/// A folder of a project with a store, and `ebb serve` in a process of its own.
final class ServedProject {
  static let secret = "a secret of nobody"
  private let folder: ScratchFolder
  let store: String

  /// - Parameter playbooks: by the names of their files.
  init(playbooks: [String: String] = [:]) throws {
    folder = try ScratchFolder()
    store = folder.file("store.db")
    try FileManager.default.createDirectory(atPath: folder.file("scripts"), withIntermediateDirectories: true)
    for (name, text) in playbooks { try Data(text.utf8).write(to: URL(filePath: folder.file("scripts/\(name)"))) }
  }

  /// Begins to serve, and answers once it does.
  ///
  /// - Returns: the process, and where callbacks of its one profile go.
  func serve() throws -> (process: Child, callbacks: String) {
    guard let ebb = try Peers.ebb() else { throw BenchError("ebb was not built beside bench") }
    let child = try Child(
      ebb,
      ["serve", "--store", store, "--port", "0", "--health-port", "0", "--json", "--log-level", "error"],
      in: folder.path,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": folder.path, "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "bench",
        "EBB_ACCESS_SECRET": Self.secret,
      ])
    let greeting = try JSON(parsing: try child.line())
    guard let address = greeting["callbacks"]?.string else { throw BenchError("ebb serve said \(greeting.text())") }
    return (child, address + "env")
  }
}
