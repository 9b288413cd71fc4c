import AsyncHTTPClient
import Crypto
import Foundation
import Marketplace
import NIOCore
import NIOHTTP1

/// Sends callbacks as the vendor does, at a steady rate: new ones, known ones again, wrongly signed ones; what is not answered
/// by 200 is sent again later.
actor ServiceCaller {
  /// What was sent so far.
  struct Counts: Sendable {
    var requests = 0
    var acknowledged = 0
    var repeated = 0
    var wronglySigned = 0
    /// A wrong signature that was answered by 200.
    var accepted = 0
    var unanswered = 0
  }

  private let url: String
  private let secret: String
  private let client = HTTPClient()
  private var draws: Draws
  private var waiting: [String] = []
  private(set) var counts = Counts()
  /// The ids in the bodies that were answered by 200, each once.
  private(set) var acknowledged: [String] = []
  private var number = 0

  init(url: String, account: SimulatedAccount, seed: UInt64) {
    self.url = url
    secret = account.accessSecret
    draws = Draws(state: seed)
  }

  /// Sends until the task is cancelled, 25 in a second.
  func run() async {
    while !Task.isCancelled {
      await one()
      try? await Task.sleep(for: .milliseconds(40))
    }
  }

  /// Sends again what was not acknowledged.
  func finish() async throws {
    for _ in 0..<200 where !waiting.isEmpty {
      await send(waiting.removeFirst())
      try await Task.sleep(for: .milliseconds(10))
    }
    try await client.shutdown()
  }

  /// How many are not acknowledged yet.
  var outstanding: Int { waiting.count }

  private func one() async {
    let chance = draws.next() % 100
    if chance < 8 {
      number += 1
      counts.wronglySigned += 1
      let status = await post("forged-\(number)", signedBy: secret + "x")
      if status == 200 { counts.accepted += 1 }
    } else if chance < 25, let known = acknowledged.randomElement(using: &draws) {
      counts.repeated += 1
      _ = await post(known, signedBy: secret)
    } else if chance < 45, !waiting.isEmpty {
      await send(waiting.removeFirst())
    } else {
      number += 1
      await send("\(110_000_900_000 + number)")
    }
  }

  private func send(_ id: String) async {
    guard await post(id, signedBy: secret) == 200 else {
      counts.unanswered += 1
      return waiting.append(id)
    }
    counts.acknowledged += 1
    acknowledged.append(id)
  }

  /// - Returns: the status of the answer; nil where none came.
  private func post(_ id: String, signedBy secret: String) async -> UInt? {
    counts.requests += 1
    let body = """
      {"messageType":"9","messagePlatform":0,"messageBody":{"refundId":"\(id)"},"timestamp":"1779263269913"}
      """
    let code = HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: SymmetricKey(data: Data(secret.utf8)))
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Authorization", value: code.map { String(format: "%02x", $0) }.joined())
    request.body = .bytes(ByteBuffer(string: body))
    return try? await client.execute(request, timeout: .seconds(1)).status.code
  }
}
