public import Journal
import Lua

/// The texts that one run executes: those of its version, and no others (G3).
struct ScriptTexts {
  private let version: PlaybookVersion

  /// The texts of that version. They are shared and not sorted anew: ten thousand runs that wait have one list of them.
  init(_ version: PlaybookVersion) { self.version = version }

  /// The playbook's own text.
  var main: PlaybookVersion.File { version.playbook }

  /// What `require` gets.
  func module(_ name: String) -> LuaModule {
    guard let file = file(name), !name.hasPrefix("language/") else {
      return .missing("the module \(name) is not part of this run's version of the playbook")
    }
    let isLibrary = ModuleFolder.isLibrary(name)
    return .source(file.bytes, name: isLibrary ? name : file.path, visibility: isLibrary ? .host : .script)
  }

  /// A part of the language; nil where the version is older than the part.
  func language(_ part: LanguagePart) -> [UInt8]? { file("language/\(part.rawValue)")?.bytes }

  private func file(_ name: String) -> PlaybookVersion.File? { version.files.dropFirst().first { $0.name == name } }
}

extension PlaybookVersion {
  /// The playbook's own text, with its path as errors name it.
  public var playbook: File { files.first ?? File(name: Self.playbook, path: "playbook.lua", bytes: []) }
}
