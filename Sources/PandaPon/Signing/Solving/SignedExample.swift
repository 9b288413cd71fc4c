/// One request that is known to be good, as somebody copied it: what it was signed over, and the signature.
///
/// A part that was not copied is nil, and no recipe with it is looked for; an empty one counts as not there.
public struct SignedExample: Hashable, Sendable {
  /// The `access-key` header.
  public var accessKey: String
  /// The `timestamp` as it was sent.
  public var timestamp: String
  /// The `nonce-str` header.
  public var nonce: String?
  /// The `user-id` header.
  public var userID: String?
  /// `GET` or `POST`.
  public var method: String?
  /// The path as it was sent, percent-encoded.
  public var path: String?
  /// The query as it was sent, percent-encoded, without `?`.
  public var query: String?
  /// The body's bytes as they were sent.
  public var body: [UInt8]?
  /// The signature as it was sent.
  public var signature: String

  /// A request of these parts. White space around a text is not part of it; a `path` with a `?` in it brings its query.
  ///
  /// - Throws: `SignedExampleError` where the access key, the timestamp or the signature is missing, or the timestamp is
  ///   neither in milliseconds nor in seconds.
  public init(
    accessKey: String, timestamp: String, nonce: String? = nil, userID: String? = nil, method: String? = nil,
    path: String? = nil, query: String? = nil, body: [UInt8]? = nil, signature: String
  ) throws(SignedExampleError) {
    self.accessKey = Self.trimmed(accessKey)
    self.timestamp = Self.trimmed(timestamp)
    self.signature = Self.trimmed(signature)
    self.nonce = Self.present(nonce)
    self.userID = Self.present(userID)
    self.method = Self.present(method)
    let target = Self.present(path)?.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    self.path = Self.present(target?.first)
    self.query = Self.present(query) ?? Self.present(target?.dropFirst().first)
    self.body = body.flatMap { $0.isEmpty ? nil : $0 }
    if self.accessKey.isEmpty { throw .missing("access_key") }
    if self.timestamp.isEmpty { throw .missing("timestamp") }
    if self.signature.isEmpty { throw .missing("signature") }
    guard Self.unit(of: self.timestamp) != nil else { throw .unusableTimestamp(self.timestamp) }
  }

  /// The unit of the timestamp, by its number of digits: 13 or so for milliseconds, 10 or so for seconds.
  public var timestampUnit: SigningRecipe.TimestampUnit { Self.unit(of: timestamp) ?? .milliseconds }

  private static func unit(of text: String) -> SigningRecipe.TimestampUnit? {
    guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return switch text.utf8.count {
    case 12...14: .milliseconds
    case 9...11: .seconds
    default: nil
    }
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = text.utf8.drop { $0 <= 0x20 }
    let end = bytes.lastIndex { $0 > 0x20 }.map { bytes.index(after: $0) } ?? bytes.startIndex
    return String(bytes[..<end]) ?? text
  }

  private static func present(_ text: String?) -> String? {
    text.map(trimmed).flatMap { $0.isEmpty ? nil : $0 }
  }
}
