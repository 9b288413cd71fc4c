import Catalogue
public import Foundation

/// Where the files are looked for that parameters of type `rows` name: `@inbox/returns.csv`.
///
/// A path that a person gave may lead anywhere. One that a playbook proposes in its header must stay in the folder: a
/// script reads no files.
public struct SheetFolder: Sendable {
  private let folder: URL?

  /// Relative paths begin in that folder; with nil there are none.
  public init(_ folder: URL?) {
    self.folder = folder?.resolvingSymlinksInPath()
  }

  /// The largest file that is read, in bytes: 10 MiB.
  static let largest = 10 << 20

  /// Who names a path.
  enum Author {
    case person
    case playbook
  }

  /// The bytes of a file.
  ///
  /// - Throws: ``ParameterProblem`` where it cannot be read, is too large, or is none that its author may name.
  func bytes(of path: String, namedBy author: Author) throws(ParameterProblem) -> [UInt8] {
    let file = try file(path, namedBy: author)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      throw ParameterProblem(
        "there is no file \(path)", hint: Self.near(file) ?? "it is looked for in \(place(of: file))")
    }
    guard !isFolder.boolValue else { throw ParameterProblem("\(path) is a folder", hint: "name a file in it") }
    guard let size = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int,
      size <= Self.largest
    else {
      throw ParameterProblem("\(path) is larger than 10 MB", hint: "split it into several sheets")
    }
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw ParameterProblem("\(path) cannot be read", hint: "it must be a plain file that you may read")
    }
    guard data.count <= Self.largest else {
      throw ParameterProblem("\(path) is larger than 10 MB", hint: "split it into several sheets")
    }
    return Array(data)
  }

  private func file(_ path: String, namedBy author: Author) throws(ParameterProblem) -> URL {
    if author == .person, path.hasPrefix("/") { return URL(filePath: path) }
    guard let folder else {
      throw ParameterProblem("there is no folder to look for \(path) in", hint: "name the file with its whole path")
    }
    let file = URL(filePath: path, relativeTo: URL(filePath: folder.path, directoryHint: .isDirectory)).absoluteURL
    let isInside = !path.hasPrefix("/") && file.resolvingSymlinksInPath().path.hasPrefix(folder.path + "/")
    guard author == .person || isInside else {
      throw ParameterProblem(
        "\(path) lies outside the project, and a header cannot name it",
        hint: "give the file with --param, or in ebb.yaml")
    }
    return file
  }

  private func place(of file: URL) -> String { file.deletingLastPathComponent().path }

  /// The name that was probably meant.
  private static func near(_ file: URL) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)) ?? []
    return EditDistance.nearest(to: file.lastPathComponent, among: names.sorted()).map { "did you mean \($0)?" }
  }
}
