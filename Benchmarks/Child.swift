import Foundation
import JSON

/// Where the peers are: scripts of theirs, and the Python that has aiohttp.
struct Peers {
  let folder: String
  /// nil: there is none, and measurements against it are skipped.
  let python: String?
  /// The same of a Python that has dbos.
  let dbos: String?
  /// The same of a Python that has APScheduler and SQLAlchemy.
  let scheduler: String?

  func path(_ name: String) -> String { folder + "/" + name }

  /// The `ebb` that was built beside this program, if one was.
  static func ebb() throws -> String? {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(filePath: own).deletingLastPathComponent().appending(path: "ebb").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }
}

/// A process that answers each line with a line.
final class Child {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let name: String

  /// - Parameters:
  ///   - folder: where it runs; here where nil.
  ///   - environment: all that it has; this program's where nil.
  init(
    _ executable: String, _ arguments: [String], in folder: String? = nil, environment: [String: String]? = nil
  ) throws {
    name = executable
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    if let environment { process.environment = environment }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  /// This program itself, as a child.
  convenience init(own arguments: [String]) throws {
    try self.init("/proc/self/exe", arguments)
  }

  /// The next line that it prints.
  func line() throws -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(output.fileHandleForReading.fileDescriptor, &byte, 1) == 1 {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    throw BenchError("\(name) ended before it answered")
  }

  /// Sends a line and reads the number that comes back.
  func ask(_ line: String) throws -> Double {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    let answer = try self.line()
    guard let number = Double(answer) else { throw BenchError("\(name) answered \(answer)") }
    return number
  }

  /// Sends a line and reads the numbers that come back as JSON.
  func numbers(_ line: String) throws -> [Double] {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    let answer = try self.line()
    guard let numbers = try JSON(parsing: answer).array?.map({ Double($0.scalarText ?? "") ?? .nan }) else {
      throw BenchError("\(name) answered \(answer)")
    }
    return numbers
  }

  /// Its number.
  var identifier: Int32 { process.processIdentifier }

  /// Ends it by the end of its input, and waits.
  func close() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Ends it by a signal, where it does not look at its input.
  func end() {
    process.terminate()
    process.waitUntilExit()
  }
}
