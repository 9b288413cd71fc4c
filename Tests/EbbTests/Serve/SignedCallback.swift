import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1

/// A callback as the vendor sends it: a body, and its signature under a shop's secret.
struct SignedCallback {
  let body: String
  let signature: String

  init(_ body: String, secret: String) {
    self.body = body
    signature = HMAC<SHA256>.authenticationCode(
      for: Data(body.utf8), using: SymmetricKey(data: Data(secret.utf8))
    ).map { String(format: "%02x", $0) }.joined()
  }

  /// One with a signature of the test's own.
  init(_ body: String, signature: String) { (self.body, self.signature) = (body, signature) }

  /// Sends it; the status of the answer.
  func post(to address: String) async throws -> UInt {
    var request = HTTPClientRequest(url: address)
    request.method = .POST
    request.headers.add(name: "Authorization", value: signature)
    request.body = .bytes(ByteBuffer(string: body))
    return try await HTTPClient.shared.execute(request, timeout: .seconds(10)).status.code
  }
}
