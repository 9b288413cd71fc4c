import JSON
import Testing

@testable import Marketplace

/// The simulator's callbacks: what is said, how often, and when it is said again.
@Suite struct CallbackTests {
  private static let noon = MarketplaceClock(at: "2026-11-01T12:00:00Z") ?? .real

  private func marketplace(_ faults: String = "", _ change: (inout SimulatorOptions) -> Void = { _ in }) throws
    -> Marketplace
  {
    var options = SimulatorOptions()
    options.clock = Self.noon
    options.callback = "http://127.0.0.1:1/callbacks/hk"
    options.faults = try FaultPlan(parsing: faults)
    change(&options)
    return try Marketplace(options)
  }

  /// Cancels the first reverse order that can be cancelled and answers its id.
  private func cancelRefund(_ marketplace: Marketplace) async throws -> String {
    let id = await marketplace.withWorld { world -> String? in
      guard let refund = world.reverseOrders.rows.first(where: { $0.status == .waitingForSeller }) else { return nil }
      return world.apply(.cancel, toReverseOrder: refund.id) ? refund.id : nil
    }
    return try #require(id)
  }

  @Test func aChangeIsToldOnce() async throws {
    let marketplace = try marketplace()
    #expect(await marketplace.dueCallbacks().isEmpty)
    let id = try await cancelRefund(marketplace)
    let due = await marketplace.dueCallbacks()
    let delivery = try #require(due.first)
    #expect(due.count == 1)
    #expect(await marketplace.dueCallbacks().isEmpty)
    #expect(delivery.event == "taobao.events.refundChanged")
    #expect(delivery.url == "http://127.0.0.1:1/callbacks/hk")
    let envelope = try JSON(parsing: delivery.body)
    #expect(envelope["messageType"] == "9")
    #expect(envelope["messagePlatform"] == 0)
    #expect(envelope["timestamp"] == "1793534400000")
    #expect(envelope["messageBody"]?["refundId"] == .string(id))
    #expect(envelope["messageBody"]?["refundStatus"] == "-20")
  }

  @Test func withoutAnAddressNothingIsKept() async throws {
    let marketplace = try marketplace { $0.callback = nil }
    _ = try await cancelRefund(marketplace)
    #expect(await marketplace.dueCallbacks().isEmpty)
    #expect(await marketplace.withWorld { $0.tidings.isEmpty })
  }

  @Test func a1688OrderTellsOfItsPriceAndItsState() async throws {
    let marketplace = try marketplace()
    let id = await marketplace.withWorld { world -> String? in
      guard let order = world.alibabaOrders.rows.first(where: { $0.status == .waitingForPayment }) else { return nil }
      world.setCarriage(order.carriage + 100, ofAlibabaOrder: order.id)
      world.apply(.cancel, toAlibabaOrder: order.id)
      let isRefused = !world.setCarriage(0, ofAlibabaOrder: order.id)
      return isRefused ? order.id : nil
    }
    let order = try #require(id)
    let due = await marketplace.dueCallbacks()
    #expect(due.map(\.event) == ["alibaba.events.orderPriceChanged", "alibaba.events.orderStatusChanged"])
    let envelope = try JSON(parsing: try #require(due.first).body)
    #expect(envelope["messageType"] == "1688_ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY")
    let body = try JSON(parsing: try #require(envelope["messageBody"]?.string))
    #expect(body["orderId"]?.scalarText == order)
    #expect(body["currentStatus"] == "waitbuyerpay")
  }

  @Test func whatIsNotAcknowledgedComesAgainFiveTimes() async throws {
    let marketplace = try marketplace()
    _ = try await cancelRefund(marketplace)
    var attempts: [Int] = []
    for _ in 0..<8 {
      for delivery in await marketplace.dueCallbacks() {
        attempts.append(delivery.attempt)
        await marketplace.settle(delivery, acknowledged: false)
      }
      await marketplace.advance(by: PostOffice.pause - 1)
      #expect(await marketplace.dueCallbacks().filter { $0.attempt > 1 }.isEmpty)
      await marketplace.advance(by: 1)
    }
    #expect(attempts.prefix(6) == [1, 2, 3, 4, 5, 6])
    #expect(await marketplace.summary()["callbacks"]?["lost"]?.integer ?? 0 >= 1)
  }

  @Test func whatIsAcknowledgedDoesNot() async throws {
    let marketplace = try marketplace()
    _ = try await cancelRefund(marketplace)
    for delivery in await marketplace.dueCallbacks() { await marketplace.settle(delivery, acknowledged: true) }
    #expect(await marketplace.summary()["callbacks"] == ["acknowledged": 1, "pending": 0, "lost": 0])
  }

  @Test func faultsCopyDelayAndReorder() async throws {
    let copied = try marketplace("duplicate-callback=2@taobao.events.*")
    _ = try await cancelRefund(copied)
    let due = await copied.dueCallbacks()
    #expect(due.count == 3)
    #expect(Set(due).count == 1)

    let delayed = try marketplace("delay=5s@*.events.*")
    _ = try await cancelRefund(delayed)
    #expect(await delayed.dueCallbacks().isEmpty)
    await delayed.advance(by: 4999)
    #expect(await delayed.dueCallbacks().isEmpty)
    await delayed.advance(by: 1)
    #expect(await delayed.dueCallbacks().count == 1)

    let mixed = try marketplace("reorder-callback=20s")
    await mixed.withWorld { world in
      for refund in world.reverseOrders.rows where refund.status == .waitingForSeller {
        world.apply(.cancel, toReverseOrder: refund.id)
      }
    }
    #expect(await mixed.dueCallbacks().isEmpty)
    await mixed.advance(by: 20_000)
    let numbers = await mixed.dueCallbacks().map(\.number)
    #expect(numbers.count > 1)
    #expect(numbers != numbers.sorted())
  }

  @Test func whatIsDroppedIsNeverSent() async throws {
    let marketplace = try marketplace("drop-callback@taobao.events.*:1")
    let dropped = try await cancelRefund(marketplace)
    #expect(await marketplace.dueCallbacks().isEmpty)
    await marketplace.advance(by: PostOffice.pause)
    // Nor again: what comes by now is of something else.
    #expect(await marketplace.dueCallbacks().allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains(dropped) })
    #expect(await marketplace.summary()["callbacks"]?["lost"] == 1)
    _ = try await cancelRefund(marketplace)
    #expect(await marketplace.dueCallbacks().contains { $0.event == "taobao.events.refundChanged" })
    #expect(try FaultPlan(parsing: "drop-callback:50%").text == "drop-callback:0.5")
  }

  @Test func faultsOfRequestsLeaveCallbacksAlone() async throws {
    let marketplace = try marketplace("delay=1h,rate-limit,duplicate-callback:0")
    _ = try await cancelRefund(marketplace)
    #expect(await marketplace.dueCallbacks().count == 1)
    #expect(throws: FaultPlanError.self) { try FaultPlan(parsing: "duplicate-callback=0") }
    #expect(
      try FaultPlan(parsing: "reorder-callback=2s,duplicate-callback").text
        == "reorder-callback=2000ms,duplicate-callback=1")
  }
}
