/// What a vault's file says without a key; nothing of it is authenticated.
public struct VaultOutline: Hashable, Sendable {
  /// The vault's name.
  public let id: VaultID
  /// What it is locked by.
  public let derivation: KeyDerivation
  /// How often it was written.
  public let counter: UInt64
  /// The names of its profiles, sorted.
  public let profiles: [String]
  /// The names of its channels, sorted.
  public let channels: [String]

  /// Reads the outline of the vault at that path.
  ///
  /// - Throws: ``VaultError`` `absent` where there is none, `damaged` where its checksum is wrong.
  public init(path: String) throws(VaultError) {
    let document = try VaultDocument(try VaultFile(path: path).glance())
    id = document.header.id
    derivation = document.header.derivation
    counter = document.counter
    let owners = Set(document.records.map(\.place.profile)).sorted()
    let prefix = VaultContents.channelPrefix
    profiles = owners.filter { !$0.isEmpty && !$0.hasPrefix(prefix) }
    channels = owners.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }
}
