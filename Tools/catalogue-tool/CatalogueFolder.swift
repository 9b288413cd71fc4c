import Foundation
import JSON
import Yams

/// What is wrong with the sources, in one sentence.
struct SourceError: Error, CustomStringConvertible {
  let description: String
}

/// Reads and writes whole files.
enum TextFile {
  static func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SourceError(description: "cannot read \(path)")
    }
    return Array(data)
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// The YAML files of the catalogue.
struct CatalogueFolder {
  struct Sources {
    /// `openapi.yaml`: everything but the operations.
    var frame: JSON
    /// The ids in the order of the menu.
    var order: [String]
    /// The groups' files, by name.
    var groups: [(file: String, document: JSON)]
  }

  let path: String

  /// Reads all files, or only those groups.
  func read(only files: [String]) throws -> Sources {
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted()
    let groups = names.filter { $0 != "openapi.yaml" && $0 != "menu.yaml" }
    let wanted = files.isEmpty ? groups.map { "\(path)/\($0)" } : files
    let order = try document("\(path)/menu.yaml").array ?? []
    return Sources(
      frame: try document("\(path)/openapi.yaml"),
      order: order.compactMap(\.string),
      groups: try wanted.filter { !$0.hasSuffix("/openapi.yaml") && !$0.hasSuffix("/menu.yaml") }
        .map { ($0, try document($0)) })
  }

  private func document(_ file: String) throws -> JSON {
    let text = String(decoding: try TextFile.read(file), as: UTF8.self)
    do {
      guard let node = try Yams.compose(yaml: text) else { throw SourceError(description: "it is empty") }
      return try json(node)
    } catch {
      throw SourceError(description: "\(file): \(error)")
    }
  }

  private func json(_ node: Node) throws -> JSON {
    switch node {
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, value) in mapping {
        guard let name = key.scalar?.string else { throw SourceError(description: "a key that is no text") }
        object[name] = try json(value)
      }
      return .object(object)
    case .sequence(let sequence): return .array(try sequence.map(json))
    case .scalar(let scalar): return self.scalar(scalar, node)
    case .alias: throw SourceError(description: "aliases are not used here")
    }
  }

  /// A scalar by the core schema of YAML 1.2: only `true`, `false`, `null` and numbers are not text.
  private func scalar(_ scalar: Node.Scalar, _ node: Node) -> JSON {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
    switch text {
    case "true": return true
    case "false": return false
    case "null", "~", "": return .null
    default: break
    }
    guard let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first) else { return .string(text) }
    let number = try? JSON(parsing: text)
    switch number {
    case .integer?, .number?: return number ?? .string(text)
    default: return .string(text)
    }
  }
}
