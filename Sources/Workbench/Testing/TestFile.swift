import Foundation
import Lua
import Playbooks

/// A file of tests, `NAME_test.lua`, beside the playbook `NAME.lua` that it is about.
public struct TestFile: Sendable {
  /// As people name it.
  public let path: String
  let source: [UInt8]
  let folder: URL

  /// What every such file's name ends with.
  public static let ending = "_test.lua"

  /// Reads a file.
  ///
  /// - Throws: an error of Foundation's where it cannot be read.
  public init(_ path: String) throws {
    self.path = path
    let url = URL(filePath: path)
    source = Array(try Data(contentsOf: url))
    folder = url.deletingLastPathComponent()
  }

  /// All such files in a folder and below it, or that one file; in the order of their paths.
  ///
  /// - Parameter path: a folder, a file of tests, or the playbook that one is about.
  public static func files(at path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue else {
      if path.hasSuffix(ending) { return [path] }
      let beside = path.hasSuffix(".lua") ? path.dropLast(4) + ending : ""
      return FileManager.default.fileExists(atPath: beside) ? [beside] : []
    }
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
    let found = names.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") && !$0.contains("/.") }
    return found.sorted().map { prefix + $0 }
  }

  /// The playbook that it is about, as people name it.
  var playbook: String { path.dropLast(Self.ending.count) + ".lua" }

  /// A file beside it, as people name it.
  func beside(_ name: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return name }
    return path[...slash] + name
  }

  /// A module of the merchant's beside it; tests see values and not the standard library.
  func module(_ name: String) -> LuaModule {
    guard name != "ebb", !name.hasPrefix("ebb.") else {
      return .missing("\(name) is for playbooks: a test sees what `play` answers, as plain values")
    }
    return ModuleFolder(folder).module(name)
  }
}
