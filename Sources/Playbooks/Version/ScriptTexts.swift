public import Journal
import Lua

/// The texts that one run executes: those of its version, and no others (G3).
struct ScriptTexts {
  /// The playbook's own text.
  let main: PlaybookVersion.File
  private let texts: [String: PlaybookVersion.File]

  /// The texts of that version.
  init(_ version: PlaybookVersion) {
    main = version.playbook
    texts = Dictionary(version.files.dropFirst().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What `require` gets.
  func module(_ name: String) -> LuaModule {
    guard let file = texts[name], !name.hasPrefix("language/") else {
      return .missing("the module \(name) is not part of this run's version of the playbook")
    }
    let isLibrary = ModuleFolder.isLibrary(name)
    return .source(file.bytes, name: isLibrary ? name : file.path, visibility: isLibrary ? .host : .script)
  }

  /// A part of the language; nil where the version is older than the part.
  func language(_ part: LanguagePart) -> [UInt8]? { texts["language/\(part.rawValue)"]?.bytes }
}

extension PlaybookVersion {
  /// The playbook's own text, with its path as errors name it.
  public var playbook: File { files.first ?? File(name: Self.playbook, path: "playbook.lua", bytes: []) }
}
