import Foundation
import JSON
import Testing

/// The built `ebb`, run in a child process in an empty folder with no environment but what is given.
struct Binary {
  /// What one run of it left behind.
  struct Result {
    var status: Int32
    var output: String
    var errors: String

    /// Standard output as JSON.
    var json: JSON {
      get throws { try JSON(parsing: output) }
    }
  }

  /// It stands beside the test bundle.
  static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "ebb")

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - arguments: after the program's name.
  ///   - environment: `EBB_…` variables.
  ///   - input: standard input; nothing where nil.
  ///   - files: files of the folder it runs in, by name.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil, files: [String: String] = [:]
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { _, new in new }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    if let input {
      let pipe = Pipe()
      process.standardInput = pipe
      try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try pipe.fileHandleForWriting.close()
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self))
  }
}

/// A simulated marketplace served by the built `ebb`, ended with Ctrl-C.
final class SimulatorProcess {
  /// What it announced: `base_url`, `access_key`, `access_secret`, `user_id`.
  let announcement: JSON
  private let process = Process()

  init(_ arguments: [String] = []) throws {
    process.executableURL = Binary.url
    process.arguments = ["simulate", "--port", "0", "--json"] + arguments
    process.environment = [:]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n"), let next = try output.fileHandleForReading.read(upToCount: 1)?.first {
      line.append(next)
    }
    announcement = try JSON(parsing: line)
  }

  deinit { if process.isRunning { process.terminate() } }

  /// The environment by which a client finds it.
  var environment: [String: String] {
    func text(_ key: String) -> String { announcement[key]?.string ?? "" }
    return [
      "EBB_BASE_URL": text("base_url"), "EBB_ACCESS_KEY": text("access_key"),
      "EBB_ACCESS_SECRET": text("access_secret"), "EBB_USER_ID": text("user_id"),
    ]
  }

  /// Presses Ctrl-C and gives the exit code.
  func interrupt() -> Int32 {
    process.interrupt()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
