import AsyncHTTPClient
import Crypto
import Foundation
import JSON
import NIOHTTP1

/// A shop on a server of the benches, and how its requests are signed.
struct SimulatedShop: Sendable {
  let baseURL: String
  var accessKey = "bench"
  var accessSecret = "a secret of nobody"

  init(baseURL: String) { self.baseURL = baseURL }

  /// The shop of a simulator, from the line that it prints.
  init(announcement: String) throws {
    let announcement = try JSON(parsing: announcement)
    baseURL = announcement["base_url"]?.string ?? ""
    accessKey = announcement["access_key"]?.string ?? ""
    accessSecret = announcement["access_secret"]?.string ?? ""
  }

  /// A read as somebody without Ebb would send it: with a nonce, the time and the signature, and nothing else.
  func signedRequest(_ path: String) -> HTTPClientRequest {
    let timestamp = String(Int(Date().timeIntervalSince1970 * 1000))
    var random = SystemRandomNumberGenerator()
    let letters = Array("0123456789abcdefghijklmnopqrstuv".utf8)
    let nonce = String(decoding: (0..<32).map { _ in letters[Int(random.next() & 31)] }, as: UTF8.self)
    let digits = Array("0123456789ABCDEF".utf8)
    let digest = Insecure.MD5.hash(data: Array((accessKey + timestamp + nonce + accessSecret).utf8))
    var request = HTTPClientRequest(url: baseURL + path)
    request.headers = [
      "access-key": accessKey, "timestamp": timestamp, "nonce-str": nonce,
      "signature": String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self),
    ]
    return request
  }
}
