import Crypto
import JSON

/// One attempt to deliver a callback.
public struct CallbackDelivery: Sendable, Hashable {
  /// Which callback; the same in every attempt, and in a duplicate.
  public let number: Int
  /// The event's id in the catalogue.
  public let event: String
  /// 1 for the first attempt, up to 6.
  public let attempt: Int
  /// Where it goes.
  public let url: String
  /// The `Authorization` header.
  public let authorization: String
  /// The body, byte for byte what is signed.
  public let body: [UInt8]
}

/// What a callback's signature is made over (pandapon.md 2b, upstream.md 9.1).
public enum CallbackSigning: String, Sendable, Hashable, CaseIterable {
  /// The body.
  case body
  /// The access key, then the body.
  case accessKeyAndBody = "access-key+body"
}

/// Writes and signs callbacks.
///
/// Written apart from the verifier on purpose: a mistake in either shows.
struct CallbackWriter: Sendable {
  var account: SimulatedAccount
  let signing: CallbackSigning

  /// The body: the envelope of pandapon.md 3. A 1688 message body is JSON text, as a sister brand sends it, a Taobao one
  /// an object, since which of them PandaPon sends is open.
  func body(of tiding: Tiding) -> [UInt8] {
    let envelope: JSON = [
      "messageType": .string(tiding.messageType), "messagePlatform": .integer(tiding.platform),
      "timestamp": .string(String(tiding.at)),
      "messageBody": tiding.platform == 1 ? .string(tiding.body.text()) : tiding.body,
    ]
    return envelope.bytes()
  }

  /// The signature in upper-case hex.
  func signature(over body: [UInt8]) -> String {
    var text = ""
    let base = signing == .body ? body : Array(account.accessKey.utf8) + body
    let key = SymmetricKey(data: Array(account.accessSecret.utf8))
    for byte in HMAC<SHA256>.authenticationCode(for: base, using: key) {
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return text
  }
}
