/// How a request is signed, as data: PandaPon does not document it on any page seen (pandapon.md 2a), so it can be
/// configured when the development manual at hand says otherwise.
///
/// A payload is put together from a template, digested, and the digest is encoded. ``standard`` is what a public client
/// of the same API does; it is graded `inferred`.
public struct SigningRecipe: Hashable, Sendable {
  /// What is digested: literal text and variables.
  public var payload: SigningTemplate
  /// How it is digested. An HMAC is keyed with the access secret.
  public var digest: Digest
  /// How the digest is written.
  public var encoding: Encoding
  /// The unit of the timestamp that is sent and signed.
  public var timestamp: TimestampUnit

  /// A recipe of these parts.
  ///
  /// - Throws: `SigningRecipeError.secretUnused` where nothing of the signature would depend on the secret.
  public init(
    payload: SigningTemplate, digest: Digest = .md5, encoding: Encoding = .hexUpper,
    timestamp: TimestampUnit = .milliseconds
  ) throws(SigningRecipeError) {
    guard digest.isKeyed || payload.uses(.secret) else { throw .secretUnused }
    self.init(checked: payload, digest: digest, encoding: encoding, timestamp: timestamp)
  }

  private init(checked: SigningTemplate, digest: Digest, encoding: Encoding, timestamp: TimestampUnit) {
    (payload, self.digest, self.encoding, self.timestamp) = (checked, digest, encoding, timestamp)
  }

  /// The `signature` header: MD5 over `{access-key}{timestamp}{nonce-str}{secret}`, upper-case hex, milliseconds.
  /// Inferred from a public client (pandapon.md 2a, assumptions.md 10).
  public static let standard = SigningRecipe(
    checked: SigningTemplate(parts: [
      .variable(.accessKey), .variable(.timestamp), .variable(.nonce), .variable(.secret),
    ]), digest: .md5, encoding: .hexUpper, timestamp: .milliseconds)

  /// The warehouse group's `sign` query parameter: MD5 over `{access-key}{timestamp}{secret}`, upper-case hex,
  /// milliseconds. A pure assumption (assumptions.md 11).
  public static let warehouse = SigningRecipe(
    checked: SigningTemplate(parts: [.variable(.accessKey), .variable(.timestamp), .variable(.secret)]),
    digest: .md5, encoding: .hexUpper, timestamp: .milliseconds)

  /// A digest of the payload.
  public enum Digest: String, Hashable, Sendable, CaseIterable {
    case md5
    case sha1
    case sha256
    case hmacMD5 = "hmac-md5"
    case hmacSHA1 = "hmac-sha1"
    case hmacSHA256 = "hmac-sha256"

    /// Whether the secret is the digest's key, so that the payload need not hold it.
    public var isKeyed: Bool { rawValue.hasPrefix("hmac-") }

    /// Reads `md5`, `sha1`, `sha256`, `hmac-md5`, `hmac-sha1` or `hmac-sha256`, in either case.
    public init(parsing text: String) throws(SigningRecipeError) {
      self = try choice(text, as: "digest")
    }
  }

  /// How a digest is written.
  public enum Encoding: String, Hashable, Sendable, CaseIterable {
    case hexLower = "hex"
    case hexUpper = "HEX"
    case base64

    /// Reads `hex` (lower case), `HEX` (upper case) or `base64`; here, case matters.
    public init(parsing text: String) throws(SigningRecipeError) {
      guard let known = Self(rawValue: text) ?? (text.lowercased() == "base64" ? .base64 : nil) else {
        throw .unknownChoice(text, of: "encoding", among: Self.allCases.map(\.rawValue))
      }
      self = known
    }
  }

  /// The unit of a timestamp: the vendor's samples show milliseconds, a public client sends seconds (pandapon.md 2a).
  public enum TimestampUnit: String, Hashable, Sendable, CaseIterable {
    case milliseconds = "ms"
    case seconds = "s"

    /// Reads `ms` or `s`.
    public init(parsing text: String) throws(SigningRecipeError) {
      self = try choice(text, as: "timestamp unit")
    }

    /// An instant, in milliseconds since 1970 UTC, as the header's text.
    public func text(of instant: Int64) -> String {
      self == .milliseconds ? String(instant) : String(instant / 1000)
    }
  }
}

private func choice<Value: RawRepresentable<String> & CaseIterable>(
  _ text: String, as name: String
) throws(SigningRecipeError) -> Value {
  guard let value = Value(rawValue: text.lowercased()) else {
    throw .unknownChoice(text, of: name, among: Value.allCases.map(\.rawValue))
  }
  return value
}
