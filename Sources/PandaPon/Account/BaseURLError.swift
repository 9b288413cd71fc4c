import Redaction

/// Why a base URL is refused: what a user wrote wrong.
public struct BaseURLError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case missingScheme(String)
    case unsupportedScheme(String)
    case clearText(String)
    case userInformation
    case queryOrFragment
    case invalidHost(String)
    case invalidPort(String)
    case invalidPath(String)
  }
  private let code: Code

  static func missingScheme(_ text: String) -> Self { Self(code: .missingScheme(redact(text))) }
  static func unsupportedScheme(_ scheme: String) -> Self { Self(code: .unsupportedScheme(redact(scheme))) }
  static func clearText(_ host: String) -> Self { Self(code: .clearText(host)) }
  static let userInformation = Self(code: .userInformation)
  static let queryOrFragment = Self(code: .queryOrFragment)
  static func invalidHost(_ text: String) -> Self { Self(code: .invalidHost(redact(text))) }
  static func invalidPort(_ text: String) -> Self { Self(code: .invalidPort(redact(text))) }
  static func invalidPath(_ text: String) -> Self { Self(code: .invalidPath(redact(text))) }

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .missingScheme(let text):
      text.isEmpty ? "the base URL is empty" : "the base URL \"\(text)\" does not say how to connect: it has no scheme"
    case .unsupportedScheme(let scheme): "the base URL's scheme \"\(scheme)\" is neither https nor http"
    case .clearText(let host): "plain http to \(host) would show the access key and valid signatures on the way"
    case .userInformation: "the base URL has a user name or a password in it"
    case .queryOrFragment: "the base URL has a query or a fragment"
    case .invalidHost(let text): text.isEmpty ? "the base URL has no host" : "\"\(text)\" is not a host name"
    case .invalidPort(let text): "\"\(text)\" is not a port (1 to 65535)"
    case .invalidPath(let text): "the base URL's path \"\(text)\" is not a plain path"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .missingScheme(let text):
      text.isEmpty || text.contains(where: \.isWhitespace)
        ? "write \(BaseURL.production)"
        : "write https://\(text), or http://\(text) if it is a simulator on this machine"
    case .unsupportedScheme: "write \(BaseURL.production)"
    case .clearText(let host): "write https://\(host); http is for loopback addresses (127.0.0.1, localhost, [::1])"
    case .userInformation: "leave it out: PandaPon knows an account by its access key (EBB_ACCESS_KEY)"
    case .queryOrFragment: "end the base URL before \"?\" or \"#\""
    case .invalidHost: "a host is written in ASCII, e.g. api.pandapon.com; an IPv6 address in brackets, e.g. [::1]"
    case .invalidPort: "e.g. http://127.0.0.1:8080"
    case .invalidPath: "a path prefix looks like /gateway/pandapon; other characters percent-encoded"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .missingScheme: "base_url_scheme_missing"
    case .unsupportedScheme: "base_url_scheme_unsupported"
    case .clearText: "base_url_clear_text"
    case .userInformation: "base_url_user_information"
    case .queryOrFragment: "base_url_query"
    case .invalidHost: "base_url_host"
    case .invalidPort: "base_url_port"
    case .invalidPath: "base_url_path"
    }
  }
}
