import Crypto
import Journal

/// The texts that every version takes from the program: the language and the standard library, read and digested once
/// per process.
enum EmbeddedText {
  /// One of them.
  struct Text: Sendable {
    let file: PlaybookVersion.File
    let digest: String
    /// The modules it requires.
    let modules: [String]
  }

  /// The parts of the language, named `language/core` and so on.
  static let language: [Text] = LanguagePart.allCases.map { part in
    text(named: "language/\(part.rawValue)", path: "stdlib/language/\(part.rawValue).lua")
  }

  /// The standard library by module name.
  static let library: [String: Text] = Dictionary(
    uniqueKeysWithValues: ModuleFolder.standardLibrary.map { name in
      (name, text(named: name, path: ModuleFolder.libraryPath(name)))
    })

  private static func text(named name: String, path: String) -> Text {
    let bytes = EmbeddedFile.bytes(path) ?? []
    let findings = RequireScanner.findings(in: bytes)
    // A text of Ebb's own that computes a name can only name the standard library: `ebb` does.
    let modules = findings.contains { $0.name == nil } ? ModuleFolder.standardLibrary : findings.compactMap(\.name)
    return Text(
      file: PlaybookVersion.File(name: name, path: path, bytes: bytes), digest: SHA256.hash(data: bytes).hexadecimal,
      modules: modules)
  }
}
