import Foundation
import Playbooks

/// The files of a new project, and of a new playbook in it.
struct ProjectFiles {
  /// A file to be written: where, and what.
  struct File: Equatable {
    let path: String
    let text: String
  }

  /// What `ebb init` writes into a folder.
  static let project: [File] = {
    var files = [
      File(path: "ebb.yaml", text: text("ebb.yaml")), File(path: ".gitignore", text: text("gitignore")),
      File(path: ".luarc.json", text: text("luarc.json")),
      File(path: ".lua-types/ebb-globals.lua", text: text("types.lua")),
    ]
    // The modules themselves carry their annotations: an editor reads them, nothing runs them.
    for name in ModuleFolder.standardLibrary {
      let path = name.replacing(".", with: "/") + ".lua"
      guard let bytes = EmbeddedFile.bytes("stdlib/" + path) else { continue }
      files.append(File(path: ".lua-types/" + path, text: String(decoding: bytes, as: UTF8.self)))
    }
    return files
  }()

  /// A playbook of that name with its test.
  static func playbook(_ name: String) -> [File] {
    [
      File(path: "\(name).lua", text: text("playbook.lua").replacing("NAME", with: name)),
      File(path: "\(name)_test.lua", text: text("playbook_test.lua").replacing("NAME", with: name)),
    ]
  }

  /// Writes files into a folder, and none where one of them is there already.
  ///
  /// - Returns: their paths, as people name them.
  static func write(_ files: [File], into folder: String) throws(CommandFailure) -> [String] {
    func path(_ file: File) -> String { folder == "." ? file.path : folder + "/" + file.path }
    for file in files where FileManager.default.fileExists(atPath: path(file)) {
      throw .usage(
        "\(Terminal.clean(path(file))) is there already", hint: "nothing was written; take another name or folder",
        label: "file_exists")
    }
    do {
      for file in files {
        let url = URL(filePath: path(file))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: url, options: .withoutOverwriting)
      }
    } catch {
      throw CommandFailure(.failed, "\(Terminal.clean(folder)) cannot be written: \(error.localizedDescription)")
    }
    return files.map(path)
  }

  private static func text(_ name: String) -> String {
    EmbeddedFile.bytes("stdlib/project/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
