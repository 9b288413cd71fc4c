/// A way to people, by name: which service, where, and how messages are signed.
public struct Channel: Hashable, Sendable {
  /// What playbooks and people call it: small letters, digits, `-` and `_`.
  public let name: String
  public let kind: ChannelKind
  /// Where its messages go.
  public let address: ChannelAddress
  /// What its messages are signed with; nil where the service does not ask for it.
  public let secret: ChannelSecret?
  /// A word that the service wants in every message; it is added where a message does not have it.
  public let keyword: String?

  /// A channel of these parts, as text.
  ///
  /// - Throws: ``ChannelError`` where one of them cannot be used.
  public init(
    name: String, kind: ChannelKind, address: String, secret: String? = nil, keyword: String? = nil
  ) throws(ChannelError) {
    guard Self.isName(name) else { throw .name(name) }
    self.name = name
    self.kind = kind
    let secret = secret.flatMap { $0.isEmpty ? nil : ChannelSecret($0) }
    guard secret == nil || kind.signs else { throw .noSignature(kind) }
    self.secret = secret
    self.address = try ChannelAddress(parsing: address)
    let keyword = keyword.flatMap { $0.isEmpty ? nil : $0 }
    guard keyword.map({ $0.utf8.count <= 100 && !$0.contains(where: \.isNewline) }) ?? true else { throw .keyword }
    self.keyword = keyword
  }

  /// Whether a name may be a channel's: 1 to 40 small letters, digits, `-` and `_`.
  public static func isName(_ text: String) -> Bool {
    1...40 ~= text.utf8.count
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
          UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
