import Catalogue
public import Foundation
public import Lua

/// Where `require` finds modules: the standard library, and the folder of the playbook.
///
/// A name is words joined by dots; it cannot leave the folder, not by `..`, not by an absolute path, not by a link.
public struct ModuleFolder: Sendable {
  private let folder: URL?

  /// Modules beside the playbook in that folder; with nil the standard library only.
  public init(_ folder: URL?) {
    self.folder = folder?.resolvingSymlinksInPath()
  }

  /// The module of that name, or why there is none.
  public func module(_ name: String) -> LuaModule {
    guard Self.isName(name) else {
      return .missing("\"\(name)\" is no module name: words joined by dots, such as rules or shop.rules")
    }
    if Self.isLibrary(name) {
      guard let source = EmbeddedFile.bytes(Self.libraryPath(name)) else {
        let near = EditDistance.nearest(to: name, among: Self.standardLibrary).map { "; did you mean \($0)?" } ?? ""
        return .missing("the standard library has no module \(name)\(near)")
      }
      return .source(source, name: name, visibility: .host)
    }
    let path = name.replacing(".", with: "/") + ".lua"
    guard let folder else { return .missing("there is no folder to look for \(path) in") }
    let file = folder.appending(path: path)
    guard file.resolvingSymlinksInPath().path.hasPrefix(folder.path + "/") else {
      return .missing("\(path) leads out of the playbook's folder")
    }
    guard let data = try? Data(contentsOf: file) else {
      return .missing("there is no file \(path) beside the playbook")
    }
    return .source(Array(data), name: path, visibility: .script)
  }

  /// Whether the name is one of the standard library's, whether or not it has such a module.
  static func isLibrary(_ name: String) -> Bool { name == "ebb" || name.hasPrefix("ebb.") }

  /// Where the program keeps a module of the standard library.
  static func libraryPath(_ name: String) -> String { "stdlib/" + name.replacing(".", with: "/") + ".lua" }

  /// The names of the standard library.
  public static let standardLibrary = [
    "ebb", "ebb.aftersales", "ebb.apply", "ebb.carriers", "ebb.events", "ebb.evidence", "ebb.list", "ebb.money",
    "ebb.notify", "ebb.orders", "ebb.pages", "ebb.retry", "ebb.state", "ebb.text", "ebb.time", "ebb.wire",
  ]

  private static func isName(_ name: String) -> Bool {
    let words = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count <= 200
      && words.allSatisfy { word in
        !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
      }
  }
}
