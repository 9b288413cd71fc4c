import Crypto
import Redaction

/// A secret that came in an answer, e.g. an IM link with its login token, under the handle by which scripts and journals
/// know it.
///
/// Only what shows it to a person opens it: a terminal or a channel.
public struct SecretBox: Sendable {
  /// What stands for the secret elsewhere: `secret:taobao.orders.imLink:9f86d081884c7d65`. The same value of the same
  /// account always has the same handle; nothing of the value can be computed from it without the account's secret.
  public let handle: String
  private let value: SecretBytes

  init(_ text: String, of operation: String, key: SecretBytes) {
    value = SecretBytes(unregistered: text.utf8)
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("ebb handle \(operation) ".utf8) + Array(text.utf8), using: key.withBytes { SymmetricKey(data: $0) })
    handle = "secret:\(operation):" + hexText(code.prefix(8), digits: "0123456789abcdef")
  }

  /// Lends the secret's bytes, UTF-8; the pointer is not valid after the closure.
  public func open<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try value.withBytes(body)
  }
}

extension SecretBox: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The handle.
  public var description: String { handle }
  public var debugDescription: String { handle }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
