import Crypto

/// Tells whether a callback comes from PandaPon: `Authorization = HEX(HMAC-SHA256(base, secret))` (pandapon.md 2b).
///
/// The hex may be in either case, since the page seen ends before it says. The secret stays bytes: it is lent to the
/// digest and never becomes a `String`.
public struct CallbackVerifier: Sendable {
  /// Which bases are accepted.
  public let recipe: CallbackRecipe
  private let source: any CredentialSource

  /// A verifier for the account of those credentials, asked anew for each callback so that a rotation is seen at once.
  public init(recipe: CallbackRecipe = .standard, credentials source: any CredentialSource) {
    self.recipe = recipe
    self.source = source
  }

  /// The base that the signature was made over, or nil where it fits none that is accepted.
  ///
  /// Every accepted base is computed and compared to its last byte, whatever matched before: the time taken tells
  /// nothing about how much of a forged signature was right.
  ///
  /// - Parameters:
  ///   - authorization: The header's value; nil where there is none.
  ///   - body: The request's body as received.
  /// - Throws: what the source of the credentials throws.
  public func base(signedBy authorization: String?, over body: [UInt8]) async throws -> CallbackBase? {
    guard let given = authorization.flatMap(Self.digest) else { return nil }
    let credentials = try await source.credentials()
    let key = credentials.secret.withBytes { SymmetricKey(data: $0) }
    var matched: CallbackBase?
    for base in CallbackBase.allCases where recipe.bases.contains(base) {
      var code = HMAC<SHA256>(key: key)
      if base == .accessKeyAndBody { code.update(data: Array(credentials.accessKey.utf8)) }
      code.update(data: body)
      let isSame = zip(code.finalize(), given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
      if isSame { matched = base }
    }
    return matched
  }

  /// The 32 bytes that 64 hex digits stand for; nil for any other text.
  private static func digest(fromHex text: String) -> [UInt8]? {
    guard text.utf8.count == 2 * SHA256.byteCount else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(SHA256.byteCount)
    var high: UInt8?
    for digit in text.utf8 {
      guard let value = digit.hexValue else { return nil }
      if let upper = high {
        bytes.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }
}

extension UInt8 {
  /// What a hex digit of either case stands for; nil for any other byte.
  fileprivate var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
