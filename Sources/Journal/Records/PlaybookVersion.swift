/// A playbook and all it requires, as a run is pinned to it (G3): its own text, its modules, and the parts of the
/// standard library and of the language that were current.
public struct PlaybookVersion: Hashable, Sendable {
  /// One text of it.
  public struct File: Hashable, Sendable {
    /// What `require` or the language calls it, e.g. `playbook`, `ebb.money`, `language/core`.
    public let name: String
    /// The path that errors name, e.g. `scripts/cancel_stale_refunds.lua`.
    public let path: String
    public let bytes: [UInt8]

    /// A text under that name.
    public init(name: String, path: String, bytes: [UInt8]) {
      self.name = name
      self.path = path
      self.bytes = bytes
    }
  }

  /// SHA-256 over the names and texts, as lower-case hex; made by whoever builds the version.
  public let id: String
  /// By name; the playbook's own text is the first.
  public let files: [File]
  /// SHA-256 of the catalogue that described the operations.
  public let catalogue: String

  /// A version of those texts.
  public init(id: String, files: [File], catalogue: String) {
    self.id = id
    self.files = files
    self.catalogue = catalogue
  }
}
