import Crypto

/// Verifies signature, time and nonce of a request, by the recipes of assumptions.md 10 and 11.
///
/// Written apart from the client's signer on purpose: a mistake in either shows.
struct Gatekeeper: Sendable {
  private(set) var account: SimulatedAccount
  /// How far a timestamp may be off, in ms: 600 s by the vendor's manual.
  var skew = 600 * Span.second
  private var nonces: Set<String> = []
  private var order: [(nonce: String, at: Int64)] = []
  private var oldest = 0

  init(account: SimulatedAccount) {
    self.account = account
  }

  /// Takes another secret; what the one before signed is refused from now on.
  mutating func reset(secret: String) {
    account.accessSecret = secret
  }

  /// Checks a request that carries its signature in headers, and keeps its nonce.
  ///
  /// - Parameter clocks: The instants that count as now: the machine's and the world's, since a world may stand on
  ///   another day than the clients that sign with real time.
  mutating func admit(headers: (String) -> String?, clocks: [Int64]) throws(Refusal) {
    guard let key = headers("access-key") else { throw .unauthorized("header access-key is missing") }
    guard key == account.accessKey else { throw .unauthorized("access-key is unknown") }
    guard let timestamp = headers("timestamp") else { throw .unauthorized("header timestamp is missing") }
    guard let nonce = headers("nonce-str"), !nonce.isEmpty else { throw .unauthorized("header nonce-str is missing") }
    guard let signature = headers("signature") else { throw .unauthorized("header signature is missing") }
    let expected = Gatekeeper.digest(key + timestamp + nonce + account.accessSecret)
    guard Gatekeeper.equal(signature, expected) else { throw .unauthorized("signature does not match") }
    try check(timestamp: timestamp, clocks: clocks)
    if let user = headers("user-id"), user != account.userID {
      throw .unauthorized("user-id does not belong to the access-key")
    }
    try keep(nonce, at: MarketplaceClock.machineTime)
  }

  /// Checks a request of the warehouse group, which carries `timestamp` and `sign` in its query and no nonce.
  func admit(query: (String) -> String?, clocks: [Int64]) throws(Refusal) {
    guard let timestamp = query("timestamp") else { throw .unauthorized("query timestamp is missing") }
    guard let sign = query("sign") else { throw .unauthorized("query sign is missing") }
    let expected = Gatekeeper.digest(account.accessKey + timestamp + account.accessSecret)
    guard Gatekeeper.equal(sign, expected) else { throw .unauthorized("sign does not match") }
    try check(timestamp: timestamp, clocks: clocks)
  }

  private func check(timestamp: String, clocks: [Int64]) throws(Refusal) {
    guard let instant = Int64(timestamp), instant >= 0 else { throw .unauthorized("timestamp is no number") }
    let near = clocks.contains { clock in abs(clock - min(instant, .max / 2)) <= skew }
    guard near else { throw .unauthorized("timestamp is more than \(skew / Span.second) s off; it is in milliseconds") }
  }

  private mutating func keep(_ nonce: String, at instant: Int64) throws(Refusal) {
    guard nonces.insert(nonce).inserted else { throw .unauthorized("nonce-str was used before") }
    order.append((nonce, instant))
    // A nonce is forgotten when no timestamp that could go with it is accepted any more, by the machine's clock.
    while oldest < order.count, order[oldest].at < instant - 2 * skew {
      nonces.remove(order[oldest].nonce)
      oldest += 1
    }
    if oldest > 4096 {
      order.removeFirst(oldest)
      oldest = 0
    }
  }

  /// MD5 as upper-case hexadecimal digits.
  static func digest(_ payload: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var hash = Insecure.MD5()
    var payload = payload
    payload.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    var text: [UInt8] = []
    text.reserveCapacity(32)
    for byte in hash.finalize() {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Compares without stopping at the first difference.
  private static func equal(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
