import Catalogue
import Foundation
import Journal
import Playbooks
import Workbench

/// The playbooks of a folder, as they stand now: of a file that is broken the last version that was whole.
actor PlaybookShelf {
  /// A playbook as a run of it would be pinned to it.
  struct Entry: Sendable {
    let version: PlaybookVersion
    let header: Header
    /// Its file, as errors name it.
    let path: String
  }

  /// What changed on the shelf since it was last looked at.
  enum News: Hashable, Sendable {
    case added(String, file: String)
    case changed(String, file: String)
    case gone(String, file: String)
    /// The file cannot be used; its last good version is kept, where there is one.
    case broken(file: String, reason: String, keeps: Bool)
    /// The folder itself cannot be read; everything stays as it was.
    case folderUnreadable(String)
    /// It can be read again.
    case folderBack(String)
  }

  /// What a file was when it was last read: a file that looks the same is not read again.
  private struct Stamp: Hashable {
    let modified: Date?
    let size: Int
  }

  let folder: String
  private let catalogue: Catalogue
  private var stamps: [String: Stamp] = [:]
  /// By file.
  private var entries: [String: Entry] = [:]
  private var isFolderReadable = true

  /// A shelf of that folder's files that end in `.lua` and are no tests; nothing is read yet.
  init(folder: String, catalogue: Catalogue) {
    self.folder = folder
    self.catalogue = catalogue
  }

  /// The playbook of that name.
  func playbook(_ name: String) -> Entry? { entries.values.first { $0.header.name == name } }

  /// All of them, by name.
  var all: [Entry] { entries.values.sorted { $0.header.name < $1.header.name } }

  /// Looks at the folder, and reads what changed.
  func look() async -> [News] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.hasSuffix(".lua") && !$0.hasSuffix(TestFile.ending)
      }.sorted()
    } catch {
      defer { isFolderReadable = false }
      return isFolderReadable ? [.folderUnreadable(folder)] : []
    }
    var news: [News] = isFolderReadable ? [] : [.folderBack(folder)]
    isFolderReadable = true
    // A module that a playbook requires is part of its version: when anything changed, all are looked at anew.
    let present = Dictionary(uniqueKeysWithValues: names.map { ($0, stamp(of: $0)) })
    guard present != stamps else { return news }
    stamps = present
    for (file, entry) in entries where present[file] == nil {
      entries[file] = nil
      news.append(.gone(entry.header.name, file: file))
    }
    for file in names { news += await read(file) }
    return news
  }

  private func read(_ file: String) async -> [News] {
    let path = URL(filePath: folder).appending(path: file).path(percentEncoded: false)
    let known = entries[file]
    do {
      let playbook = try await PlaybookFile(reading: path, catalogue: catalogue)
      // A module has no header: it is no playbook.
      guard let header = playbook.header else {
        entries[file] = nil
        return known.map { [.gone($0.header.name, file: file)] } ?? []
      }
      if let other = entries.first(where: { $0.key != file && $0.value.header.name == header.name }) {
        return [
          .broken(file: file, reason: "\(other.key) is called \"\(header.name)\" as well", keeps: known != nil)
        ]
      }
      guard known?.version.id != playbook.version.id else { return [] }
      entries[file] = Entry(version: playbook.version, header: header, path: path)
      return [known == nil ? .added(header.name, file: file) : .changed(header.name, file: file)]
    } catch {
      let reason = (error as? CommandFailure)?.message ?? "\(error)"
      return [.broken(file: file, reason: reason, keeps: known != nil)]
    }
  }

  private func stamp(of file: String) -> Stamp {
    let path = URL(filePath: folder).appending(path: file).path(percentEncoded: false)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return Stamp(
      modified: attributes?[.modificationDate] as? Date, size: (attributes?[.size] as? Int) ?? 0)
  }
}
