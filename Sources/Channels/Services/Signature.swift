import Crypto
import Foundation

/// The signatures of the services: HMAC-SHA256 each, over other things.
enum Signature {
  /// HMAC-SHA256.
  static func hmac(_ text: [UInt8], key: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: Array(key.utf8))))
  }

  /// Base64 with padding, the usual alphabet.
  static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// Lower-case hexadecimal digits.
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Base64 as it may stand in a query.
  static func queryEncoded(_ base64: String) -> String {
    base64.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
  }
}
