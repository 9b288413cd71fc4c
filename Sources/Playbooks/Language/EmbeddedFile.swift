import CResources

/// The Lua files inside the program: the language, the standard library, and the shipped playbooks.
public enum EmbeddedFile {
  /// The bytes of a file by its path in the tree, e.g. `stdlib/ebb/money.lua`; nil where there is none.
  public static func bytes(_ path: String) -> [UInt8]? {
    var length = 0
    guard let start = ebb_resource(path, &length) else { return nil }
    return Array(UnsafeBufferPointer(start: start, count: length))
  }
}
