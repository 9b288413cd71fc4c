public import Catalogue
import Crypto
public import Foundation
public import Journal
public import Lua

extension PlaybookVersion {
  /// A playbook as it stands now, with all it requires: what a run of it is pinned to (G3).
  ///
  /// - Parameters:
  ///   - source: the playbook's text.
  ///   - file: its file as errors name it, e.g. `scripts/cancel_stale_refunds.lua`.
  ///   - folder: where `require` looks besides the standard library; nil for nowhere.
  /// - Throws: ``LuaError`` with file and line where a `require` is computed, or names a module that does not exist.
  public init(
    of source: [UInt8], file: String, folder: URL?, catalogue: Catalogue
  ) throws(LuaError) {
    var closure = Closure(modules: ModuleFolder(folder))
    for text in EmbeddedText.language { closure.add(text) }
    let own = File(name: Self.playbook, path: file, bytes: source)
    try closure.follow(source, in: file)
    try closure.complete()
    let others = closure.texts.sorted { $0.key < $1.key }.map(\.value)
    var hash = SHA256()
    for (file, digest) in [(own, SHA256.hash(data: source).hexadecimal)] + others {
      hash.update(data: Array("\(file.name)\n\(file.path)\n\(digest)\n".utf8))
    }
    self.init(id: hash.finalize().hexadecimal, files: [own] + others.map(\.file), catalogue: catalogue.digest)
  }

  /// The name under which a version keeps the playbook's own text, always the first.
  static let playbook = "playbook"
}

/// The modules that are required, directly or through others.
private struct Closure {
  let modules: ModuleFolder
  var texts: [String: (file: PlaybookVersion.File, digest: String)] = [:]
  /// Modules of the merchant's whose own requires were not followed yet.
  private var unread: [PlaybookVersion.File] = []

  init(modules: ModuleFolder) {
    self.modules = modules
  }

  mutating func add(_ text: EmbeddedText.Text) {
    guard texts.updateValue((text.file, text.digest), forKey: text.file.name) == nil else { return }
    for name in text.modules {
      if let module = EmbeddedText.library[name] { add(module) }
    }
  }

  /// Adds all that a text of the merchant's requires.
  mutating func follow(_ source: [UInt8], in path: String) throws(LuaError) {
    for finding in RequireScanner.findings(in: source) {
      let place = LuaPosition(file: path, line: finding.line)
      guard let name = finding.name else {
        throw LuaError(
          kind: .source,
          message:
            "require takes a name in quotes, as in require \"rules\": what a run executes is fixed when it starts",
          position: place)
      }
      guard texts[name] == nil else { continue }
      if let module = EmbeddedText.library[name] {
        add(module)
        continue
      }
      guard name != PlaybookVersion.playbook else {
        throw LuaError(
          kind: .source, message: "a module cannot be called \"playbook\": that is the playbook itself", position: place
        )
      }
      switch modules.module(name) {
      case .missing(let reason): throw LuaError(kind: .source, message: reason, position: place)
      case .source(let bytes, let path, _):
        let file = PlaybookVersion.File(name: name, path: path, bytes: bytes)
        texts[name] = (file, SHA256.hash(data: bytes).hexadecimal)
        unread.append(file)
      }
    }
  }

  mutating func complete() throws(LuaError) {
    while let file = unread.popLast() { try follow(file.bytes, in: file.path) }
  }
}
