/// Where an API lives: a scheme, a host, a port and a path prefix, checked.
///
/// The scheme must be written. `https` is accepted for any host; `http` for loopback addresses only (`localhost`,
/// `127.0.0.0/8`, `[::1]`), since a request in clear text shows an access key and a valid signature to anyone on the way.
/// A user name or a password, a query and a fragment are refused. A path prefix is kept, without its last slash.
public struct BaseURL: Hashable, Sendable, CustomStringConvertible {
  /// `https` or `http`.
  public let scheme: String
  /// In lower case; an IPv6 address without its brackets.
  public let host: String
  /// As written, or the scheme's own.
  public let port: Int
  /// Empty, or a percent-encoded path that begins with `/` and does not end with one.
  public let prefix: String

  /// PandaPon's production environment, the only one it documents (pandapon.md 1).
  public static let production = BaseURL(scheme: "https", host: "api.pandapon.com", port: 443, prefix: "")

  private init(scheme: String, host: String, port: Int, prefix: String) {
    (self.scheme, self.host, self.port, self.prefix) = (scheme, host, port, prefix)
  }

  /// Reads a base URL.
  public init(parsing text: String) throws(BaseURLError) {
    guard let separator = text.firstRange(of: "://") else {
      // The text is quoted in the error, so a password in it must not be.
      throw text.contains("@") ? .userInformation : .missingScheme(text)
    }
    let scheme = text[..<separator.lowerBound].lowercased()
    guard scheme == "https" || scheme == "http" else { throw .unsupportedScheme(scheme) }
    let rest = text[separator.upperBound...]
    guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else { throw .queryOrFragment }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let authority = rest[..<slash]
    guard !authority.contains("@") else { throw .userInformation }
    let (host, port) = try Self.split(authority: authority)
    let prefix = try Self.prefix(rest[slash...])
    self.init(scheme: scheme, host: host, port: port ?? (scheme == "https" ? 443 : 80), prefix: prefix)
    guard scheme == "https" || isLoopback else { throw .clearText(host) }
  }

  /// Whether the host is this machine by its very name, without asking a name server.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127"
      && octets.allSatisfy { $0.count <= 3 && $0.allSatisfy(\.isASCIIDigit) && UInt8($0) != nil }
  }

  /// The URL as it is used, with the port only where it is not the scheme's own.
  public var description: String {
    let name = host.contains(":") ? "[\(host)]" : host
    let own = port == (scheme == "https" ? 443 : 80)
    return "\(scheme)://\(name)\(own ? "" : ":\(port)")\(prefix)"
  }

  private static func split(authority: Substring) throws(BaseURLError) -> (host: String, port: Int?) {
    var host = authority
    var port: Substring?
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { throw .invalidHost(String(authority)) }
      host = authority[authority.index(after: authority.startIndex)..<close]
      let after = authority[authority.index(after: close)...]
      guard after.isEmpty || after.first == ":" else { throw .invalidHost(String(authority)) }
      port = after.isEmpty ? nil : after.dropFirst()
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        throw .invalidHost(String(authority))
      }
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    if authority.first != "[" {
      let allowed = host.utf8.allSatisfy { ($0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")) }
      guard !host.isEmpty, allowed, host.first != ".", host.first != "-", !host.contains("..") else {
        throw .invalidHost(String(authority))
      }
    }
    guard let port else { return (host.lowercased(), nil) }
    guard port.allSatisfy(\.isASCIIDigit), let number = Int(port), 1...65535 ~= number else {
      throw .invalidPort(String(port))
    }
    return (host.lowercased(), number)
  }

  private static func prefix(_ path: Substring) throws(BaseURLError) -> String {
    var path = path
    while path.last == "/" { path.removeLast() }
    if path.isEmpty { return "" }
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard !segment.isEmpty, segment != ".", segment != "..", PercentEncoding.isEncoded(segment) else {
        throw .invalidPath(String(path))
      }
    }
    return String(path)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { "0"..."9" ~= self }
}

extension UInt8 {
  /// Whether the byte is an ASCII letter or digit.
  var isAlphanumeric: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
