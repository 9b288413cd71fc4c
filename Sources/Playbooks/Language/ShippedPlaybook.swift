import CResources

/// A playbook inside the program, to be copied into a project and changed there.
public struct ShippedPlaybook: Sendable {
  /// Its name, without `.lua`.
  public let name: String

  /// All of them, in the order of their names.
  public static let all: [ShippedPlaybook] = {
    var names: [String] = []
    var index = 0
    while let name = ebb_resource_name(index) {
      let path = String(cString: name)
      if path.hasPrefix("scripts/"), path.hasSuffix(".lua"), !path.hasSuffix("_test.lua") {
        names.append(String(path.dropFirst("scripts/".count).dropLast(".lua".count)))
      }
      index += 1
    }
    return names.sorted().map(ShippedPlaybook.init)
  }()

  /// Its text.
  public var source: [UInt8] { EmbeddedFile.bytes("scripts/\(name).lua") ?? [] }
  /// The text of its tests; nil where it has none.
  public var tests: [UInt8]? { EmbeddedFile.bytes("scripts/\(name)_test.lua") }
}
