import Redaction

/// Why a channel cannot be used as it was written, or cannot be had.
public struct ChannelError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case name(String)
    case kind(String)
    case addressWithoutScheme
    case addressScheme
    case addressCharacters
    case addressWithUser
    case addressHost
    case clearText(String)
    case noSignature(ChannelKind)
    case keyword
    case form(String)
    case closed(String, hint: String)
  }
  private let code: Code

  static func name(_ text: String) -> Self { Self(code: .name(redact(text))) }
  /// A word that is no kind of channel.
  public static func kind(_ word: String) -> Self { Self(code: .kind(redact(word))) }
  static let addressWithoutScheme = Self(code: .addressWithoutScheme)
  static let addressScheme = Self(code: .addressScheme)
  static let addressCharacters = Self(code: .addressCharacters)
  static let addressWithUser = Self(code: .addressWithUser)
  static let addressHost = Self(code: .addressHost)
  static func clearText(_ host: String) -> Self { Self(code: .clearText(host)) }
  static func noSignature(_ kind: ChannelKind) -> Self { Self(code: .noSignature(kind)) }
  static let keyword = Self(code: .keyword)
  /// The text that describes a channel is not in its form; what is wrong.
  public static func form(_ reason: String) -> Self { Self(code: .form(redact(reason))) }
  /// Wherever channels are kept cannot be opened; what is wrong, and what to do about it.
  public static func closed(_ reason: String, hint: String) -> Self {
    Self(code: .closed(redact(reason), hint: redact(hint)))
  }

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .name(let text): "\"\(text)\" cannot be a channel's name"
    case .kind(let word): "\"\(word)\" is no kind of channel"
    case .addressWithoutScheme: "the channel's address does not say how to connect: it has no scheme"
    case .addressScheme: "the channel's address begins with neither https:// nor http://"
    case .addressCharacters: "the channel's address has a space, a fragment or another character that no address has"
    case .addressWithUser: "the channel's address has a user name or a password in it"
    case .addressHost: "the channel's address has no usable host or port"
    case .clearText(let host): "plain http to \(host) would show the channel's token on the way"
    case .noSignature(let kind): "\(kind.rawValue) checks no signatures: the channel can have no secret"
    case .keyword: "the keyword is longer than 100 bytes, or has a line break"
    case .form(let reason): reason
    case .closed(let reason, _): reason
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .name: "1 to 40 small letters, digits, - and _, e.g. ops"
    case .kind: "known are " + ChannelKind.allCases.map(\.rawValue).joined(separator: ", ")
    case .addressWithoutScheme, .addressScheme, .addressCharacters, .addressHost:
      "copy it from the service as it stands there; it begins with https://"
    case .addressWithUser: "leave it out: the token in the address is what the service asks for"
    case .clearText(let host): "write https://\(host); http is for loopback addresses (127.0.0.1, localhost, [::1])"
    case .noSignature: "leave the secret out; the token in its address is the secret"
    case .keyword: "take the word as it stands in the robot's settings"
    case .form: "as docs/channels.md shows"
    case .closed(_, let hint): hint
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .name: "channel_name"
    case .kind: "channel_kind"
    case .addressWithoutScheme, .addressScheme, .addressCharacters, .addressWithUser, .addressHost: "channel_address"
    case .clearText: "channel_clear_text"
    case .noSignature: "channel_secret"
    case .keyword: "channel_keyword"
    case .form: "channel_form"
    case .closed: "channels_closed"
    }
  }
}
