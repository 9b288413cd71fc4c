import JSON
import Testing

@testable import Marketplace

@Suite struct TimeTests {
  static let start: Int64 = 1_793_491_200_000  // 2026-11-01T00:00:00Z

  /// A world with one seller of a character, one item, and one order in a state.
  static func world(
    _ character: SellerCharacter, order: TaobaoOrderStatus = .waitingForReceipt, seed: UInt64 = 7
  ) throws -> (world: World, order: TaobaoOrder) {
    var world = Scenario.empty.world(seed: seed, now: start)
    for seller in world.allSellers { world.setCharacter(character, ofSeller: seller.id) }
    let id = world.addTaobaoOrder([.init(productID: world.taobaoProducts[0].id, quantity: 2)], status: order)
    return (world, try #require(id.flatMap { world.taobaoOrder(id: $0) }))
  }

  static func claim(
    _ character: SellerCharacter, _ status: RefundStatus, kind: RefundKind = .refundOnly, goodsStatus: Int64 = 3
  ) throws -> (world: World, id: String) {
    var (world, order) = try TimeTests.world(
      character, order: goodsStatus == 1 ? .waitingForShipment : .waitingForReceipt)
    var claim = World.ReverseOrderSpecification()
    claim.status = status
    claim.kind = kind
    claim.goodsStatus = goodsStatus
    let id = world.addReverseOrder(order: order.id, line: order.lines[0].id, claim)
    return (world, try #require(id))
  }

  struct Window: Sendable {
    let status: RefundStatus
    let kind: RefundKind
    let goodsStatus: Int64
    let length: Int64
    let after: RefundStatus
  }

  @Test(arguments: [
    Window(status: .waitingForSeller, kind: .refundOnly, goodsStatus: 1, length: 2 * Span.day, after: .paying),
    Window(status: .waitingForSeller, kind: .refundOnly, goodsStatus: 3, length: 5 * Span.day, after: .paying),
    Window(
      status: .waitingForSeller, kind: .returnAndRefund, goodsStatus: 4, length: 5 * Span.day, after: .waitingForReturn),
    Window(status: .waitingForReturn, kind: .returnAndRefund, goodsStatus: 4, length: 7 * Span.day, after: .closed),
    Window(status: .returning, kind: .returnAndRefund, goodsStatus: 4, length: 10 * Span.day, after: .paying),
    Window(status: .refused, kind: .refundOnly, goodsStatus: 3, length: 5 * Span.day, after: .closed),
    Window(status: .paying, kind: .refundOnly, goodsStatus: 3, length: 10 * Span.minute, after: .succeeded),
  ]) func silenceEndsWithTheWindow(_ window: Window) throws {
    var (world, id) = try TimeTests.claim(
      .silent, window.status, kind: window.kind, goodsStatus: window.goodsStatus)
    #expect(world.reverseOrder(id: id)?.deadline == TimeTests.start + window.length)
    world.advance(to: TimeTests.start + window.length - 1)
    #expect(world.reverseOrder(id: id)?.status == window.status)
    world.advance(to: TimeTests.start + window.length)
    #expect(world.reverseOrder(id: id)?.status == window.after)
    #expect(world.reverseOrder(id: id)?.messages.isEmpty == false)
  }

  @Test func aLongJumpPassesThroughEveryState() throws {
    var (world, id) = try TimeTests.claim(.silent, .waitingForSeller, kind: .refundOnly, goodsStatus: 3)
    world.advance(to: TimeTests.start + 30 * Span.day)
    #expect(world.reverseOrder(id: id)?.status == .succeeded)
    #expect(world.reverseOrder(id: id)?.enteredAt == TimeTests.start + 5 * Span.day + 10 * Span.minute)
    #expect(world.now == TimeTests.start + 30 * Span.day)
  }

  @Test func aPromptSellerAgreesWithinHalfADay() throws {
    var (world, id) = try TimeTests.claim(.prompt, .waitingForSeller, kind: .returnAndRefund, goodsStatus: 4)
    world.advance(to: TimeTests.start + 12 * Span.hour)
    #expect(world.reverseOrder(id: id)?.status == .waitingForReturn)
    #expect(world.reverseOrder(id: id)?.agreement?.isEmpty == false)
  }

  @Test func aSlowSellerAnswersLateButInTime() throws {
    var (world, id) = try TimeTests.claim(.slow, .waitingForSeller)
    world.advance(to: TimeTests.start + 2 * Span.day)
    #expect(world.reverseOrder(id: id)?.status == .waitingForSeller)
    world.advance(to: TimeTests.start + 5 * Span.day - Span.hour)
    #expect(world.reverseOrder(id: id)?.status == .succeeded)
    #expect(world.reverseOrder(id: id)?.messages.contains { $0.role == 1 } == true)
  }

  @Test func aRefusingSellerRefusesTwiceThenAgrees() throws {
    var (world, id) = try TimeTests.claim(.refusing, .waitingForSeller)
    for round in 1...2 {
      world.advance(to: world.now + 36 * Span.hour)
      #expect(world.reverseOrder(id: id)?.status == .refused)
      #expect(world.reverseOrder(id: id)?.refusals == round)
      #expect(world.reverseOrder(id: id)?.refusal?.reason.isEmpty == false)
      let modified = world.apply(.modify, toReverseOrder: id)
      #expect(modified)
    }
    world.advance(to: world.now + 37 * Span.hour)
    #expect(world.reverseOrder(id: id)?.status == .succeeded)
  }

  @Test func shippingAnywayClosesAClaimOnGoodsNotShipped() throws {
    var (world, id) = try TimeTests.claim(.shipsAnyway, .waitingForSeller, goodsStatus: 1)
    let order = try #require(world.reverseOrder(id: id)?.orderID)
    world.advance(to: TimeTests.start + 30 * Span.hour)
    #expect(world.reverseOrder(id: id)?.status == .closed)
    #expect(world.reverseOrder(id: id)?.goodsStatus == 2)
    #expect(world.taobaoOrder(id: order)?.status == .waitingForReceipt)
    #expect(world.taobaoOrder(id: order)?.waybill != nil)
  }

  @Test func anOpenClaimHoldsShipmentAndReceiptBack() throws {
    var (world, id) = try TimeTests.claim(.silent, .waitingForSeller, goodsStatus: 3)
    let order = try #require(world.reverseOrder(id: id)?.orderID)
    world.windows.answerShipped = 60 * Span.day
    world.apply(.modify, toReverseOrder: id)
    world.advance(to: TimeTests.start + 40 * Span.day)
    #expect(world.reverseOrder(id: id)?.status == .waitingForSeller)
    #expect(world.taobaoOrder(id: order)?.status == .waitingForReceipt)
    world.apply(.cancel, toReverseOrder: id)
    world.advance(to: TimeTests.start + 42 * Span.day)
    #expect(world.taobaoOrder(id: order)?.status == .finished)
  }

  @Test func confirmingReceiptClosesAnOpenClaim() throws {
    var (world, id) = try TimeTests.claim(.silent, .waitingForSeller, goodsStatus: 3)
    let order = try #require(world.reverseOrder(id: id)?.orderID)
    let confirmed = world.apply(.confirmReceipt, toTaobaoOrder: order)
    #expect(confirmed)
    #expect(world.reverseOrder(id: id)?.status == .closed)
  }

  @Test func anUnpaidOrderCloses() throws {
    var (world, order) = try TimeTests.world(.prompt, order: .waitingForPayment)
    world.advance(to: TimeTests.start + 5 * Span.day)
    #expect(world.taobaoOrder(id: order.id)?.status == .closed)
    #expect(world.taobaoOrder(id: order.id)?.closeReason == "BUYER_NO_PAY")
  }

  @Test func aRefundOfEverythingClosesTheOrder() throws {
    var (world, id) = try TimeTests.claim(.silent, .waitingForSeller, goodsStatus: 3)
    let order = try #require(world.reverseOrder(id: id)?.orderID)
    world.advance(to: TimeTests.start + 6 * Span.day)
    #expect(world.taobaoOrder(id: order)?.status == .closed)
  }

  @Test func alibabaRefundsFollowTheirWindows() throws {
    var world = Scenario.empty.world(seed: 3, now: TimeTests.start)
    for seller in world.allSellers { world.setCharacter(.silent, ofSeller: seller.id) }
    let purchase = World.Purchase(productID: world.alibabaProducts[0].id, quantity: 3)
    let added = world.addAlibabaOrder([purchase], status: .waitingForReceipt)
    let order = try #require(added)
    let entry = try #require(world.alibabaOrder(id: order)?.entries.first)
    let claim = World.AlibabaClaim(
      entryIDs: [entry.id], returning: true, goodsStatus: "refundBuyerReceived", payment: entry.amount)
    let claimed = world.addAlibabaRefund(order: order, claim)
    let id = try #require(claimed)
    world.advance(to: TimeTests.start + 5 * Span.day)
    #expect(world.alibabaRefund(id: id)?.status == .waitingForReturn)
    world.apply(.sendGoods, toAlibabaRefund: id)
    world.advance(to: TimeTests.start + 15 * Span.day)
    #expect(world.alibabaRefund(id: id)?.status == .succeeded)
    #expect(world.alibabaOrder(id: order)?.status == .terminated)
  }

  @Test(arguments: [
    ("2026-11-01T00:00:00Z", start), ("2026-11-01T08:00:00+08:00", start), ("2026-11-01T00:00:00.250Z", start + 250),
    ("1970-01-01T00:00:00Z", 0), ("2024-02-29T12:00:00Z", 1_709_208_000_000), ("1969-12-31T23:59:59Z", -1000),
  ]) func instantsReadAndWrite(_ text: String, _ instant: Int64) {
    #expect(CivilTime.parse(text) == instant)
    #expect(CivilTime.parse(CivilTime.rfc3339(instant)) == instant)
    #expect(CivilTime.parseBeijingCompact(CivilTime.beijingCompact(instant)) == instant)
  }

  @Test(arguments: ["", "2026-11-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-01T24:00:00Z", "soon"])
  func nonsenseIsNoInstant(_ text: String) {
    #expect(CivilTime.parse(text) == nil)
    #expect(MarketplaceClock(at: text) == nil)
  }

  @Test func beijingForms() {
    #expect(CivilTime.beijingCompact(TimeTests.start) == "20261101080000000+0800")
    #expect(CivilTime.beijingText(TimeTests.start) == "2026-11-01 08:00:00")
  }
}
