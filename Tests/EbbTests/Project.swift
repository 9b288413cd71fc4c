import Foundation
import JSON
import Testing

/// A folder with a store of its own, in which several commands of the built `ebb` are run one after the other.
final class Project {
  let folder: URL
  let environment: [String: String]

  init(files: [String: String] = [:], environment: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.environment = environment
    for (name, text) in files { try write(text, to: name) }
  }

  /// A folder that is there; it is removed when the tests with it are over.
  init(at folder: URL) {
    self.folder = folder
    environment = [:]
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Runs a command to its end.
  func run(_ arguments: String...) throws -> Binary.Result {
    try Command(arguments, in: self).end()
  }

  /// Runs a command to its end.
  func run(_ arguments: [String]) throws -> Binary.Result {
    try Command(arguments, in: self).end()
  }

  /// Runs a command to its end that may not make a file larger than that (1 block has 512 bytes).
  func run(_ arguments: [String], mostBlocks: Int) throws -> Binary.Result {
    try Command(
      ["-c", "ulimit -f \(mostBlocks) && exec \"$0\" \"$@\"", Binary.url.path] + arguments, of: "/bin/sh", in: self
    )
    .end()
  }

  /// Runs a command to its end with that on standard input, and more variables.
  func run(_ arguments: [String], input: String, environment: [String: String] = [:]) throws -> Binary.Result {
    let name = UUID().uuidString
    try write(input, to: name)
    defer { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
    return try Command(arguments, input: folder.appending(path: name), environment: environment, in: self).end()
  }

  /// Begins a command.
  func start(_ arguments: String...) throws -> Command { try Command(arguments, in: self) }

  /// Begins a command with that on standard input.
  func start(_ arguments: [String], input: String) throws -> Command {
    let name = UUID().uuidString
    try write(input, to: name)
    defer { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
    return try Command(arguments, input: folder.appending(path: name), in: self)
  }

  /// A command that runs.
  final class Command {
    private let process = Process()
    private let output: URL
    private let errors: URL

    fileprivate init(
      _ arguments: [String], of program: String = Binary.url.path, input: URL? = nil,
      environment: [String: String] = [:], in project: Project
    ) throws {
      // Into files: a pipe that nobody reads would stop it.
      let name = UUID().uuidString
      output = project.folder.appending(path: "\(name).out")
      errors = project.folder.appending(path: "\(name).err")
      for file in [output, errors] { try Data().write(to: file) }
      process.executableURL = URL(filePath: program)
      process.arguments = arguments
      process.currentDirectoryURL = project.folder
      process.environment = ["PATH": "/usr/bin:/bin", "HOME": project.folder.path]
        .merging(project.environment) { _, new in new }.merging(environment) { _, new in new }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
      try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var number: Int32 { process.processIdentifier }

    var isRunning: Bool { process.isRunning }

    /// What it has said so far on standard error.
    var said: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// What it has said so far on standard output.
    var told: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end.
    func end() throws -> Binary.Result {
      process.waitUntilExit()
      return Binary.Result(
        status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
        output: try String(contentsOf: output, encoding: .utf8), errors: said)
    }

    /// Waits until something holds, ten seconds at most. On its own thread: what is to be interrupted would be over before
    /// a busy pool of threads came back to it.
    func wait(until condition: () throws -> Bool) throws {
      for _ in 0..<1000 {
        if try condition() { return }
        usleep(10_000)
      }
      Issue.record("it did not come to that: \(said)")
    }
  }
}
