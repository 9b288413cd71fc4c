import Crypto
import Redaction

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
  /// Every accepted base is computed with every secret that the source accepts, and compared to its last byte, whatever
  /// matched before: the time taken tells nothing about how much of a forged signature was right.
  ///
  /// - Parameters:
  ///   - authorization: The header's value; nil where there is none.
  ///   - body: The request's body as received.
  /// - Throws: what the source of the credentials throws.
  public func base(signedBy authorization: String?, over body: [UInt8]) async throws -> CallbackBase? {
    guard let given = authorization.flatMap(Self.digest) else { return nil }
    let message = CallbackMessage(body: body)
    var matched: CallbackBase?
    for credentials in try await source.accepted() {
      for base in recipe.bases {
        let code = Self.code(of: message, over: base, by: credentials)
        let isSame = zip(code, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
        // The first that fits, so that current credentials count before others.
        if isSame, matched == nil { matched = base }
      }
    }
    return matched
  }

  /// The code of a callback over a base; its 32 bytes.
  static func code(
    of message: CallbackMessage, over base: CallbackBase, by credentials: Credentials
  ) -> HMAC<SHA256>.MAC {
    defer { wipeFreed() }
    var code = HMAC<SHA256>(key: credentials.secret.withBytes { SymmetricKey(data: $0) })
    for part in base.template.parts {
      switch part {
      case .literal(let text): code.update(data: Array(text.utf8))
      case .variable(.accessKey): code.update(data: Array(credentials.accessKey.utf8))
      case .variable(.secret): credentials.secret.withBytes { code.update(data: $0) }
      case .variable(let variable): code.update(data: message.bytes(of: variable))
      }
    }
    return code.finalize()
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
