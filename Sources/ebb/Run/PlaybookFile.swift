import Catalogue
import Foundation
import JSON
import Journal
import Lua
import Playbooks

/// A script on disk, read once, with what it says about itself.
struct PlaybookFile {
  /// Its text and all it requires, as they stood then.
  let version: PlaybookVersion
  /// Its header; nil for a script without one.
  let header: Header?

  /// Reads a script and its header; nothing of it runs.
  init(reading path: String, catalogue: Catalogue) async throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Self.missing(path)
    }
    try await self.init(
      source: Array(data), path: path, folder: URL(filePath: path).deletingLastPathComponent(), catalogue: catalogue)
  }

  /// The file that a command line names: by its path, or by the name of a playbook in the folder `scripts` or in this one.
  static func path(of name: String) -> String {
    let files = FileManager.default
    guard !name.contains("/"), !name.hasSuffix(".lua"), !files.fileExists(atPath: name) else { return name }
    return ["scripts/\(name).lua", "\(name).lua"].first { files.fileExists(atPath: $0) } ?? name
  }

  /// A script whose text is at hand.
  init(source: [UInt8], path: String, folder: URL, catalogue: Catalogue) async throws {
    do {
      version = try PlaybookVersion(of: source, file: path, folder: folder, catalogue: catalogue)
      header = try await HeaderReader(catalogue: catalogue).header(of: version)
    } catch let problem as ParameterProblem {
      throw CommandFailure(
        .failed, "\(path): \(problem.description)", hint: problem.hint ?? "the header is the table after `playbook`",
        label: "header")
    } catch let error as LuaError {
      throw CommandFailure(script: RunFailure(error), file: path)
    }
  }

  private static func missing(_ path: String) -> CommandFailure {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      return .usage(
        isFolder.boolValue ? "\(path) is a folder" : "\(path) cannot be read",
        hint: isFolder.boolValue ? "name a Lua file in it" : "it must be a plain file that you may read",
        label: "unreadable_file")
    }
    let folder = URL(filePath: path).deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let scripts = names.filter { $0.hasSuffix(".lua") }.sorted()
    return .usage(
      "there is no file \(path)",
      hint: Suggestion.hint(for: URL(filePath: path).lastPathComponent, in: scripts)
        ?? "name a Lua file, with its path",
      label: "no_file")
  }

  /// The parameters of `--param name=value`, in the order given; of equal names the last holds.
  static func parameters(_ pairs: [String]) throws(CommandFailure) -> JSONObject {
    var values = JSONObject()
    for pair in pairs {
      guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
        let missing = pair.hasPrefix("=") ? "name" : "value"
        throw .usage("--param \(pair) has no \(missing)", hint: "write it as --param name=value", label: "parameter")
      }
      values[String(pair[..<equals])] = .string(String(pair[pair.index(after: equals)...]))
    }
    return values
  }
}

extension CommandFailure {
  /// A script that could not run, or failed.
  init(script failure: RunFailure, file: String) {
    let place = failure.position.map { "\($0): " } ?? "\(file): "  // a call in `return f()` leaves no line behind
    let trace = failure.trace.count > 1 ? "\n" + failure.trace.map { "  " + $0 }.joined(separator: "\n") : ""
    var details = JSONObject()
    details["file"] = .string(failure.position?.file ?? file)
    details["line"] = failure.position.map { .integer(Int64($0.line)) }
    self.init(
      ExitStatus(failure), place + failure.message + trace, hint: failure.hint,
      label: failure.code?.rawValue ?? (failure.isLimit ? "limit" : "script"), details: details)
  }
}
