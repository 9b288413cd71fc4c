import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1

/// Sends callbacks at their times, whether or not those before were answered.
struct CallbackLoad {
  struct Callback: Sendable {
    let subject: String
    let body: ByteBuffer
    let signature: String
    let isSigned: Bool
  }

  struct Answer: Sendable {
    let status: Int
    /// From when it was to be sent to the end of the answer.
    let milliseconds: Double
  }

  private let address: String
  private let client: HTTPClient
  private let connections = 128

  init(address: String) {
    self.address = address
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// So many callbacks: of twenty, four say what the one before says, and one is signed wrong.
  static func callbacks(_ count: Int, _ name: String) -> [Callback] {
    let key = SymmetricKey(data: Array(ServedProject.secret.utf8))
    let digits = Array("0123456789abcdef".utf8)
    return (0..<count).map { number in
      let subject = "\(name)-\(number % 5 == 4 ? number - 1 : number)"
      let text =
        #"{"messageType":"9","messagePlatform":0,"timestamp":"1779263269913","messageBody":{"refundId":"\#(subject)","#
        + #""refundStatus":"20","note":"\#(String(repeating: "x", count: 200))"}}"#
      let body = Array(text.utf8)
      let digest = HMAC<SHA256>.authenticationCode(for: body, using: key)
      let signature = String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
      let isSigned = number % 20 != 7
      return Callback(
        subject: subject, body: ByteBuffer(bytes: body),
        signature: isSigned ? signature : String(repeating: "0", count: 64), isSigned: isSigned)
    }
  }

  /// Sends all, so many a second; the answers in their order.
  func send(_ callbacks: [Callback], perSecond rate: Int) async throws -> [Answer] {
    let start = ContinuousClock.now
    let senders = min(connections, callbacks.count)
    return try await withThrowingTaskGroup(of: [(Int, Answer)].self) { group in
      for sender in 0..<senders {
        group.addTask {
          var answers: [(Int, Answer)] = []
          // When this one was free again: who is kept waiting by an answer counts from when it should have sent.
          var free = start
          for index in stride(from: sender, to: callbacks.count, by: senders) {
            let due = start + .seconds(Double(index) / Double(rate))
            if ContinuousClock.now < due { try await Task.sleep(until: due, tolerance: .zero, clock: .continuous) }
            let from = free > due ? due : ContinuousClock.now
            let status = try await post(callbacks[index])
            free = ContinuousClock.now
            answers.append((index, Answer(status: status, milliseconds: (free - from) / .milliseconds(1))))
          }
          return answers
        }
      }
      var answers = [Answer?](repeating: nil, count: callbacks.count)
      for try await part in group {
        for (index, answer) in part { answers[index] = answer }
      }
      return answers.compactMap(\.self)
    }
  }

  private func post(_ callback: Callback) async throws -> Int {
    var request = HTTPClientRequest(url: address)
    request.method = .POST
    request.headers.add(name: "Authorization", value: callback.signature)
    request.body = .bytes(callback.body)
    let response = try await client.execute(request, timeout: .seconds(30))
    _ = try await response.body.collect(upTo: 1 << 16)
    return Int(response.status.code)
  }

  func shutdown() async throws { try await client.shutdown() }
}
