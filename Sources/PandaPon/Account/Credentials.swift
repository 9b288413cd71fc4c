public import Redaction

/// An account's access key and the secret that signs for it (pandapon.md 1 and 2a). Never printable.
public struct Credentials: Sendable {
  /// Names the account to the API; identifies, but is no secret. Shown with its first four characters only.
  public let accessKey: String
  /// Signs requests; never leaves the signer.
  public let secret: SecretBytes

  /// - Throws: `CredentialsError` where either is empty, the access key cannot stand in a header, or one of them ends
  ///   with white space, as a value pasted with its line break does.
  public init(accessKey: String, secret: SecretBytes) throws(CredentialsError) {
    guard !accessKey.isEmpty else { throw .emptyAccessKey }
    guard accessKey.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .unusableAccessKey }
    guard secret.count > 0 else { throw .emptySecret }
    let blank = secret.withBytes { bytes in
      [bytes.first, bytes.last].contains { $0.map { $0 <= 0x20 } ?? false }
    }
    guard !blank else { throw .blankAroundSecret }
    hide(accessKey: accessKey)
    self.accessKey = accessKey
    self.secret = secret
  }
}

extension Credentials {
  /// Whether both are the same key and secret, in a time that does not depend on what the secrets are.
  public static func same(_ left: Credentials, _ right: Credentials) -> Bool {
    left.accessKey == right.accessKey && SecretBytes.same(left.secret, right.secret)
  }

  /// Whether these are among others.
  func isAmong(_ others: [Credentials]) -> Bool { others.contains { Credentials.same($0, self) } }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The masked access key; nothing of the secret.
  public var description: String { "Credentials(\(Redactor.masked(accessKey: accessKey)))" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why an access key and a secret cannot be used: what a user did wrong in giving them.
public struct CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: String, Sendable {
    case emptyAccessKey = "access_key_empty"
    case unusableAccessKey = "access_key_unusable"
    case emptySecret = "secret_empty"
    case blankAroundSecret = "secret_blank"
  }
  private let code: Code

  /// No access key.
  public static let emptyAccessKey = Self(code: .emptyAccessKey)
  /// A character in the access key that cannot be part of one.
  public static let unusableAccessKey = Self(code: .unusableAccessKey)
  /// No secret.
  public static let emptySecret = Self(code: .emptySecret)
  /// White space at the beginning or the end of the secret.
  public static let blankAroundSecret = Self(code: .blankAroundSecret)

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .emptyAccessKey: "the access key is empty"
    case .unusableAccessKey:
      "the access key has a character that no access key has (a space, a line break, a letter beyond ASCII)"
    case .emptySecret: "the access secret is empty"
    case .blankAroundSecret: "the access secret begins or ends with a space or a line break"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .emptyAccessKey: "set EBB_ACCESS_KEY to the AccessKey of PandaPon's console (AccessKey management)"
    case .unusableAccessKey, .blankAroundSecret: "copy it again from PandaPon's console, without what stands around it"
    case .emptySecret: "set EBB_ACCESS_SECRET to the Access Secret of PandaPon's console (AccessKey management)"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String { code.rawValue }
}
