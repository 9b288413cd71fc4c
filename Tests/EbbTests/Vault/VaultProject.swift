import Foundation
import JSON
import Testing

/// A project with a home of its own beside it, in which the key file lies.
final class VaultProject {
  let project: Project
  let home: URL
  /// What the commands of the test printed so far.
  private(set) var printed = ""

  /// Nowhere else in the tests, so that a search for it finds what is not hidden.
  static let secret = "t1de-9vK4\"q/zm+00n潮"
  static let accessKey = "58c0201dfdf148eca63cbf6bb5e7cf03"

  init(files: [String: String] = [:], environment: [String: String] = [:]) throws {
    home = FileManager.default.temporaryDirectory.appending(path: "ebb-home-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    project = try Project(files: files, environment: ["HOME": home.path].merging(environment) { _, new in new })
  }

  deinit { try? FileManager.default.removeItem(at: home) }

  @discardableResult
  func run(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws -> Binary.Result {
    let result = try project.run(arguments, input: input, environment: environment)
    printed += result.output + result.errors
    return result
  }

  /// Keeps what was printed elsewhere, to be looked at with all else.
  func keep(_ text: String) { printed += text }

  /// Seals a profile.
  @discardableResult
  func add(
    _ name: String = "demo", secret: String = secret, baseURL: String = "https://api.pandapon.com",
    accessKey: String = accessKey, more: JSONObject = [:], options: [String] = []
  ) throws -> Binary.Result {
    var object: JSONObject = [
      "base_url": .string(baseURL), "access_key": .string(accessKey), "access_secret": .string(secret),
    ]
    for (name, value) in more { object[name] = value }
    let result = try project.run(
      ["profiles", "add", name, "--from-stdin"] + options, input: JSON.object(object).text())
    printed += result.output + result.errors
    return result
  }

  var vault: URL { project.folder.appending(path: ".ebb/vault") }
  var key: URL { home.appending(path: ".config/ebb/vault.key") }

  func write(_ text: String, inHome name: String, mode: Int = 0o600) throws -> String {
    let file = home.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    chmod(file.path, mode_t(mode))
    return file.path
  }

  /// All bytes of all files of the project and all that was printed.
  func everything() throws -> [UInt8] {
    var bytes = Array(printed.utf8)
    let files = FileManager.default.enumerator(at: project.folder, includingPropertiesForKeys: [.isRegularFileKey])
    while let file = files?.nextObject() as? URL {
      if (try? file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true {
        // What a process takes away while this looks is not left behind.
        bytes += Array((try? Data(contentsOf: file)) ?? Data())
      }
    }
    return bytes
  }
}
