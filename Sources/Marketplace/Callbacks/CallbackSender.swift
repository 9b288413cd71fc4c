import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Carries callbacks from a marketplace to their receiver over HTTP.
struct CallbackSender: Sendable {
  let marketplace: Marketplace
  /// How long an answer may take by the machine's clock.
  let patience: Duration

  /// Sends what falls due until the task is cancelled; it looks at the marketplace's clock a few times a second, since
  /// that may be moved or run faster than the machine's.
  func run() async {
    while !Task.isCancelled {
      await deliverAll()
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        return
      }
    }
  }

  /// Sends what is due now, one after the other.
  func deliverAll() async {
    for delivery in await marketplace.dueCallbacks() {
      await marketplace.settle(delivery, acknowledged: await isAcknowledged(delivery))
    }
  }

  private func isAcknowledged(_ delivery: CallbackDelivery) async -> Bool {
    var request = HTTPClientRequest(url: delivery.url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Authorization", value: delivery.authorization)
    request.body = .bytes(ByteBuffer(bytes: delivery.body))
    do {
      return try await HTTPClient.shared.execute(request, timeout: TimeAmount(patience)).status == .ok
    } catch {
      return false
    }
  }
}
