import Channels
import Redaction
import Vault

/// The channels of the vault: opened by name when something is sent.
struct VaultChannels: ChannelSource {
  let door: VaultDoor

  func names() async throws(ChannelError) -> [String] {
    guard door.isThere else { return [] }
    return try opened { contents throws(VaultError) in contents.channelNames }
  }

  func channel(named name: String) async throws(ChannelError) -> Channel? {
    guard try await names().contains(name) else { return nil }
    return try Channel(try opened { contents throws(VaultError) in try contents.channel(name) }, named: name)
  }

  private func opened<Value: Sendable>(
    _ body: @Sendable (VaultContents) throws(VaultError) -> Value
  ) throws(ChannelError) -> Value {
    do throws(VaultError) {
      return try door.open().read(body)
    } catch {
      throw .closed(error.description, hint: error.hint ?? "`ebb vault status` says more")
    }
  }
}

extension Channel {
  /// A channel as the vault keeps it.
  ///
  /// - Throws: ``ChannelError`` where what is kept cannot be used.
  init(_ sheet: ChannelSheet, named name: String) throws(ChannelError) {
    guard let kind = ChannelKind(sheet.kind) else { throw .kind(sheet.kind) }
    func text(_ secret: SecretBytes) -> String { secret.withBytes { String(decoding: $0, as: UTF8.self) } }
    try self.init(
      name: name, kind: kind, address: text(sheet.address), secret: sheet.secret.map(text), keyword: sheet.keyword)
  }
}

extension CommandFailure {
  /// A channel that cannot be used, or had.
  init(_ error: ChannelError, status: ExitStatus = .usage) {
    self.init(status, error.description, hint: error.hint, label: error.label)
  }
}
