import JSON
public import Redaction

/// A way to send news, as a vault keeps it: its address holds a token.
public struct ChannelSheet: Sendable {
  /// What it is, e.g. `dingtalk`.
  public let kind: String
  /// Where news go. Known to redaction from now on.
  public let address: SecretBytes
  /// What they are signed with; nil where the kind needs nothing.
  public let secret: SecretBytes?
  /// A word that the service wants in every message; nil for none.
  public let keyword: String?

  /// A channel of these parts.
  public init(kind: String, address: SecretBytes, secret: SecretBytes? = nil, keyword: String? = nil) {
    (self.kind, self.address, self.secret, self.keyword) = (kind, address, secret, keyword)
  }
}

extension VaultContents {
  private static let address = "address"
  private static let signingSecret = "signing_secret"

  /// The names of the channels, sorted.
  public var channelNames: [String] {
    names.filter { $0.hasPrefix(Self.channelPrefix) }.map { String($0.dropFirst(Self.channelPrefix.count)) }
  }

  /// What kind a channel is; its address stays sealed.
  public func channelKind(_ name: String) throws(VaultError) -> String { try channelSettings(name).kind }

  private func channelSettings(_ name: String) throws(VaultError) -> (kind: String, keyword: String?) {
    let owner = Self.channelPrefix + name
    guard let record = record(owner, Self.settings) else { throw unknownChannel(name) }
    let settings = try open(record).withBytes { try? JSON(parsing: $0) }
    guard let kind = settings?["kind"]?.string else { throw .tampered("\(owner)/\(Self.settings)") }
    return (kind, settings?["keyword"]?.string)
  }

  /// A channel with its address. Of the address only its tokens are secret, and whoever reads it tells the `Redaction` room
  /// which: hidden as a whole it would take `https://` and the service's name out of every text.
  ///
  /// - Throws: ``VaultError`` `unknown` where there is none of that name.
  public func channel(_ name: String) throws(VaultError) -> ChannelSheet {
    let (kind, keyword) = try channelSettings(name)
    let owner = Self.channelPrefix + name
    guard let address = record(owner, Self.address) else { throw .tampered("\(owner)/\(Self.address)") }
    var secret: SecretBytes?
    if let record = record(owner, Self.signingSecret) { secret = try open(record).registered }
    return ChannelSheet(kind: kind, address: try open(address), secret: secret, keyword: keyword)
  }

  /// Adds a channel.
  ///
  /// - Throws: ``VaultError`` `taken` where there is one of that name.
  public mutating func addChannel(_ name: String, _ channel: ChannelSheet) throws(VaultError) {
    guard Self.isLegal(name) else {
      throw .refused("a channel cannot be named \"\(redact(name))\"", hint: "letters, digits, _ and - only")
    }
    guard !channelNames.contains(name) else { throw .taken("there is a channel \"\(name)\" already") }
    let owner = Self.channelPrefix + name
    var settings: JSONObject = ["kind": .string(channel.kind)]
    settings["keyword"] = channel.keyword.map(JSON.string)
    try add(SecretBytes(unregistered: JSON.object(settings).bytes()), to: owner, Self.settings, .settings)
    try add(channel.address, to: owner, Self.address, .secret)
    if let secret = channel.secret { try add(secret, to: owner, Self.signingSecret, .secret) }
  }

  /// Removes a channel.
  public mutating func removeChannel(_ name: String) throws(VaultError) {
    guard channelNames.contains(name) else { throw unknownChannel(name) }
    removeAll(of: Self.channelPrefix + name)
  }

  private func unknownChannel(_ name: String) -> VaultError {
    .unknown(
      "there is no channel \"\(name)\" in the vault",
      hint: channelNames.isEmpty ? nil : "there are: \(channelNames.joined(separator: ", "))")
  }
}
