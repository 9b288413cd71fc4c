import JSON
import Marketplace

/// One order or refund of `given`.
struct GivenOrder {
  private let fields: JSONObject
  private let name: String
  /// The orders of the same `given`, by their keys.
  private let orders: JSON?
  static let known = [
    "state", "kind", "goods", "amount", "age", "left", "waybill", "seller", "lines", "order", "line",
  ]

  init(_ json: JSON, named name: String, orders: JSON?) {
    fields = json.object ?? [:]
    self.name = name
    self.orders = orders
  }

  // MARK: Taobao

  func reverseOrder(in world: inout World) throws(TestProblem) -> String {
    var specification = World.ReverseOrderSpecification()
    if let state = try state(of: StateWords.reverseOrders) { specification.status = state }
    let returns: Set<RefundStatus> = [.waitingForReturn, .returning]
    switch fields["kind"]?.string {
    case "return": specification.kind = .returnAndRefund
    case "refund": specification.kind = .refundOnly
    case nil: specification.kind = returns.contains(specification.status) ? .returnAndRefund : .refundOnly
    case let other?: throw TestProblem("given: \(name).kind is \"refund\" or \"return\", not \"\(other)\"")
    }
    // Where the goods are: 1 not shipped, 2 shipped, 3 not received, 4 received (upstream.md 6.3).
    specification.goodsStatus = fields["goods"]?.integer ?? (specification.kind == .returnAndRefund ? 4 : 3)
    specification.fee = try amount()
    specification.age = try duration("age") ?? 0
    specification.timeLeft = try duration("left")
    specification.hasReturnParcel = fields["waybill"]?.bool == true
    let line: (order: String, line: String)
    if let existing = try existing() {
      let lines = world.taobaoOrder(id: existing)?.lines.map(\.id) ?? []
      line = (existing, try pick(from: lines))
    } else {
      let purchase = try purchase(from: world.taobaoProducts, in: world, worth: specification.fee)
      let shipped = specification.goodsStatus > 1
      guard
        let order = world.addTaobaoOrder(
          [purchase], status: shipped ? .waitingForReceipt : .waitingForShipment, age: specification.age + 86_400_000),
        let only = world.taobaoOrder(id: order)?.lines.first?.id
      else { throw TestProblem("given: \(name) cannot be made") }
      line = (order, only)
    }
    guard let id = world.addReverseOrder(order: line.order, line: line.line, specification) else {
      throw TestProblem("given: \(name) cannot be made")
    }
    return id
  }

  func taobaoOrder(in world: inout World) throws(TestProblem) -> String {
    guard
      let id = world.addTaobaoOrder(
        try purchases(from: world.taobaoProducts, in: world),
        status: try state(of: StateWords.taobaoOrders) ?? .waitingForShipment, age: try duration("age") ?? 0)
    else { throw TestProblem("given: \(name) cannot be made") }
    return id
  }

  // MARK: 1688

  func alibabaOrder(in world: inout World) throws(TestProblem) -> String {
    guard
      let id = world.addAlibabaOrder(
        try purchases(from: world.alibabaProducts, in: world),
        status: try state(of: StateWords.alibabaOrders) ?? .waitingForShipment, age: try duration("age") ?? 0)
    else { throw TestProblem("given: \(name) cannot be made") }
    return id
  }

  /// A refund that went the way to its state: each state of 1688 has one.
  func alibabaRefund(in world: inout World) throws(TestProblem) -> String {
    let state = try state(of: StateWords.alibabaRefunds) ?? .waitingForSeller
    let fee = try amount()
    let age = try duration("age") ?? 0
    let goesBack: Set<AlibabaRefundStatus> = [.waitingForReturn, .waitingForReceipt]
    let isReturn = fields["kind"]?.string.map { $0 == "return" } ?? goesBack.contains(state)
    if goesBack.contains(state), !isReturn {
      throw TestProblem("given: \(name).kind is \"return\" where its state is one of a return")
    }
    let order: String
    if let existing = try existing() {
      order = existing
    } else {
      let purchase = try purchase(from: world.alibabaProducts, in: world, worth: fee)
      let status: AlibabaOrderStatus = isReturn ? .waitingForReceipt : .waitingForShipment
      guard let made = world.addAlibabaOrder([purchase], status: status, age: age + 86_400_000) else {
        throw TestProblem("given: \(name) cannot be made")
      }
      order = made
    }
    let entries = world.alibabaOrder(id: order)?.entries ?? []
    let chosen = fields["line"] == nil ? entries.map(\.id) : [try pick(from: entries.map(\.id))]
    let worth = entries.filter { chosen.contains($0.id) }.reduce(0) { $0 + $1.amount }
    let claim = World.AlibabaClaim(
      entryIDs: chosen, returning: isReturn, goodsStatus: isReturn ? "refundBuyerReceived" : "refundWaitSellerSend",
      payment: fee ?? worth)
    guard let id = world.addAlibabaRefund(order: order, claim, age: age) else {
      throw TestProblem("given: \(name) cannot be made")
    }
    for action in Self.way(to: state, isReturn: isReturn) { world.apply(action, toAlibabaRefund: id) }
    if state == .waitingForReceipt { world.setReturnParcel(ofAlibabaRefund: id) }
    if let left = try duration("left") { world.setDeadline(world.now + left, ofRefund: id) }
    return id
  }

  private static func way(to state: AlibabaRefundStatus, isReturn: Bool) -> [AlibabaRefundAction] {
    switch state {
    case .waitingForSeller: []
    case .waitingForModification: [.reject]
    case .waitingForReturn: [.agree]
    case .waitingForReceipt: [.agree, .sendGoods]
    case .succeeded: isReturn ? [.agree, .sendGoods, .receiveGoods] : [.agree]
    case .closed: [.cancel]
    }
  }

  // MARK: Fields

  /// The order of the same `given` that the refund names.
  private func existing() throws(TestProblem) -> String? {
    guard let key = fields["order"] else { return nil }
    let found =
      key.string.flatMap { orders?[$0]?.string } ?? key.integer.flatMap { orders?.array?[safe: Int($0) - 1]?.string }
    guard let found else { throw TestProblem("given: \(name).order: there is no order \(key.text()) beside it") }
    return found
  }

  private func pick(from lines: [String]) throws(TestProblem) -> String {
    let place = fields["line"]?.integer ?? 1
    guard let line = lines[safe: Int(place) - 1] else {
      throw TestProblem("given: \(name).line: the order has \(lines.count) lines, and none is the \(place)th")
    }
    return line
  }

  private func state<State>(of states: [String: State]) throws(TestProblem) -> State? {
    try GivenField.word(fields["state"], of: states, named: "given: \(name).state")
  }

  private func duration(_ field: String) throws(TestProblem) -> Int64? {
    try GivenField.duration(fields[field], named: "given: \(name).\(field)")
  }

  private func amount() throws(TestProblem) -> Int64? {
    try GivenField.amount(fields["amount"], named: "given: \(name).amount")
  }

  /// One purchase for each of `lines`, or the only one; all from one seller.
  private func purchases(from products: [Product], in world: World) throws(TestProblem) -> [World.Purchase] {
    guard let lines = fields["lines"] else {
      return [try purchase(from: products, in: world, worth: try amount())]
    }
    guard let list = lines.array, !list.isEmpty, fields["amount"] == nil else {
      throw TestProblem("given: \(name).lines is a list of tables, each with its amount; the order has none itself")
    }
    var purchases: [World.Purchase] = []
    for (index, line) in list.enumerated() {
      let worth = try GivenField.amount(line["amount"], named: "given: \(name).lines[\(index + 1)].amount")
      purchases.append(try purchase(from: products, in: world, worth: worth, after: purchases))
    }
    return purchases
  }

  /// A purchase that is worth at least so much, from a seller of the character asked for; a silent one unless said.
  private func purchase(
    from products: [Product], in world: World, worth fen: Int64?, after others: [World.Purchase] = []
  ) throws(TestProblem) -> World.Purchase {
    let words = Dictionary(uniqueKeysWithValues: SellerCharacter.allCases.map { ($0.rawValue, $0) })
    let character = try GivenField.word(fields["seller"], of: words, named: "given: \(name).seller") ?? .silent
    let sellers = Set(world.allSellers.filter { $0.character == character }.map(\.id))
    let first = others.first.flatMap { other in products.first { $0.id == other.productID } }
    let offered = products.filter { product in
      sellers.contains(product.sellerID) && (first == nil || first?.sellerID == product.sellerID)
    }
    // Each line another variant, where there is another.
    let choices = offered.flatMap { product in product.variants.map { (product, $0) } }
    let fresh = choices.first { choice in
      !others.contains { $0.productID == choice.0.id && $0.variantID == choice.1.id }
    }
    guard let (product, variant) = fresh ?? choices.first else {
      throw TestProblem("given: no seller is \(character.rawValue)")
    }
    let quantity = max(1, ((fen ?? 0) + variant.price - 1) / variant.price)
    return World.Purchase(productID: product.id, variantID: variant.id, quantity: quantity)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
