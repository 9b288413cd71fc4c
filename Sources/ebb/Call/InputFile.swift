import Foundation

/// Small files that a person hands to a command.
enum InputFile {
  /// The most that is read: 16 MB.
  static let limit = 16_000_000

  /// A file's bytes.
  static func read(_ path: String, limit: Int = limit) throws(CommandFailure) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .usage("\(path) cannot be read", hint: "is the path right? it is taken from the current folder")
    }
    defer { try? handle.close() }
    return try read(handle, path, limit)
  }

  /// All of standard input.
  static func readStandardInput() throws(CommandFailure) -> [UInt8] {
    try read(.standardInput, "standard input", limit)
  }

  private static func read(_ handle: FileHandle, _ name: String, _ limit: Int) throws(CommandFailure) -> [UInt8] {
    do {
      var bytes: [UInt8] = []
      while let chunk = try handle.read(upToCount: 65536), !chunk.isEmpty {
        bytes += chunk
        guard bytes.count <= limit else { throw CommandFailure.usage("\(name) is larger than \(limit / 1_000_000) MB") }
      }
      return bytes
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw .usage("\(name) cannot be read: \(error.localizedDescription)")
    }
  }
}
