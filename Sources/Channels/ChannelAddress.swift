/// Where a channel's messages go: an address that holds a token, checked.
///
/// `https` for any host; `http` for loopback only, since the token would be read on the way. No user name, no fragment.
/// It prints its origin and nothing after it; the tokens in it are known to the `Redaction` room from the start.
public struct ChannelAddress: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The whole of it.
  public let secret: ChannelSecret
  /// Scheme, host and port: what may be shown.
  public let origin: String

  /// Reads an address.
  ///
  /// - Throws: ``ChannelError`` that never quotes what may be secret.
  public init(parsing text: String) throws(ChannelError) {
    guard let separator = text.firstRange(of: "://") else { throw .addressWithoutScheme }
    let scheme = text[..<separator.lowerBound].lowercased()
    guard scheme == "https" || scheme == "http" else { throw .addressScheme }
    let rest = text[separator.upperBound...]
    guard rest.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "\\") }), !rest.contains("#") else {
      throw .addressCharacters
    }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let authority = rest[..<end].lowercased()
    guard !authority.contains("@") else { throw .addressWithUser }
    guard let host = Self.host(of: authority) else { throw .addressHost }
    guard scheme == "https" || Self.isLoopback(host) else { throw .clearText(host) }
    origin = "\(scheme)://\(authority)"
    let target = rest[end...]
    secret = ChannelSecret(origin + (target.first == "?" ? "/" : "") + target, hiding: Self.tokens(in: target))
  }

  /// `https://oapi.dingtalk.com/…`
  public var description: String { origin + "/…" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  private static func host(of authority: String) -> String? {
    var host = authority[...]
    var port = ""[...]
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<close]
      port = authority[authority.index(after: close)...]
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
    } else {
      if let colon = authority.firstIndex(of: ":") { (host, port) = (authority[..<colon], authority[colon...]) }
      guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." }),
        host.first != ".", !host.contains("..")
      else { return nil }
    }
    guard port.isEmpty || port.first == ":" && UInt16(port.dropFirst()).map({ $0 > 0 }) == true else { return nil }
    return String(host)
  }

  /// Whether the host is this machine by its very name.
  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
  }

  /// What looks like a token: values of the query, and segments of the path that are no words. Words are left alone:
  /// hiding them would hide half of every text.
  private static func tokens(in target: Substring) -> [Substring] {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let values = parts.dropFirst().flatMap { $0.split(separator: "&") }.compactMap { pair in
      pair.split(separator: "=", maxSplits: 1).last
    }
    let segments = (parts.first ?? "").split(separator: "/").filter { segment in
      let kinds = [segment.contains(where: \.isNumber), segment.contains(where: \.isUppercase)].count { $0 }
      return segment.utf8.count >= 24 || segment.utf8.count >= 9 && kinds > 0
    }
    return values.filter { $0.utf8.count >= 8 } + segments
  }
}
