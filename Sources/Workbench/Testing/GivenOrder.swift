import JSON
import Marketplace
import Playbooks

/// One order or refund of `given`.
struct GivenOrder {
  private let fields: JSONObject
  private let name: String
  private static let known = ["state", "status", "kind", "goods", "amount", "age", "left", "waybill", "seller"]

  init(_ json: JSON, named name: String) throws(TestProblem) {
    // An empty table is a list to whoever writes JSON.
    guard let fields = json.object ?? (json.array?.isEmpty == true ? [:] : nil) else {
      throw TestProblem("given: \(name) is no table")
    }
    for (key, _) in fields where !Self.known.contains(key) {
      throw TestProblem("given: \(name) has no \(key); it may have \(Self.known.joined(separator: ", "))")
    }
    self.fields = fields
    self.name = name
  }

  // MARK: Taobao

  private static let refundStates: [String: RefundStatus] = [
    "waiting_seller": .waitingForSeller, "waiting_return": .waitingForReturn, "waiting_receipt": .returning,
    "refunding": .paying, "refunded": .succeeded, "refused": .refused, "closed": .closed,
  ]

  func reverseOrder(in world: inout World) throws(TestProblem) -> String {
    var specification = World.ReverseOrderSpecification()
    if let state = try state(of: Self.refundStates) { specification.status = state }
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
    let purchase = try purchase(from: world.taobaoProducts, in: world, worth: specification.fee)
    let shipped = specification.goodsStatus > 1
    guard
      let order = world.addTaobaoOrder(
        [purchase], status: shipped ? .waitingForReceipt : .waitingForShipment, age: specification.age + 86_400_000),
      let line = world.taobaoOrder(id: order)?.lines.first?.id,
      let id = world.addReverseOrder(order: order, line: line, specification)
    else { throw TestProblem("given: \(name) cannot be made") }
    return id
  }

  private static let orderStates: [String: TaobaoOrderStatus] = [
    "waiting_payment": .waitingForPayment, "waiting_shipment": .waitingForShipment,
    "waiting_receipt": .waitingForReceipt, "finished": .finished, "closed": .closed,
  ]

  func taobaoOrder(in world: inout World) throws(TestProblem) -> String {
    let purchase = try purchase(from: world.taobaoProducts, in: world, worth: try amount())
    guard
      let id = world.addTaobaoOrder(
        [purchase], status: try state(of: Self.orderStates) ?? .waitingForShipment, age: try duration("age") ?? 0)
    else { throw TestProblem("given: \(name) cannot be made") }
    return id
  }

  // MARK: 1688

  private static let alibabaStates: [String: AlibabaOrderStatus] = [
    "waiting_payment": .waitingForPayment, "waiting_shipment": .waitingForShipment,
    "waiting_receipt": .waitingForReceipt, "finished": .succeeded, "closed": .cancelled,
  ]

  func alibabaOrder(in world: inout World) throws(TestProblem) -> String {
    let purchase = try purchase(from: world.alibabaProducts, in: world, worth: try amount())
    guard
      let id = world.addAlibabaOrder(
        [purchase], status: try state(of: Self.alibabaStates) ?? .waitingForShipment, age: try duration("age") ?? 0)
    else { throw TestProblem("given: \(name) cannot be made") }
    return id
  }

  func alibabaRefund(in world: inout World) throws(TestProblem) -> String {
    guard fields["state"]?.string ?? "waiting_seller" == "waiting_seller" else {
      throw TestProblem("given: a refund on 1688 begins as waiting_seller; let time or the playbook move it on")
    }
    let fee = try amount()
    let age = try duration("age") ?? 0
    let purchase = try purchase(from: world.alibabaProducts, in: world, worth: fee)
    guard let order = world.addAlibabaOrder([purchase], status: .waitingForShipment, age: age + 86_400_000),
      let made = world.alibabaOrder(id: order)
    else { throw TestProblem("given: \(name) cannot be made") }
    let claim = World.AlibabaClaim(
      entryIDs: made.entries.map(\.id), returning: fields["kind"]?.string == "return",
      payment: fee ?? made.entries.reduce(0) { $0 + $1.amount })
    guard let id = world.addAlibabaRefund(order: order, claim, age: age) else {
      throw TestProblem("given: \(name) cannot be made")
    }
    return id
  }

  // MARK: Fields

  private func state<State>(of states: [String: State]) throws(TestProblem) -> State? {
    guard let word = fields["state"] else { return nil }
    if let text = word.string, let state = states[text] { return state }
    throw TestProblem(
      "given: \(name).state is one of \(states.keys.sorted().joined(separator: ", ")), not \(word.text())")
  }

  private func duration(_ field: String) throws(TestProblem) -> Int64? {
    guard let value = fields[field] else { return nil }
    if let milliseconds = value.integer { return milliseconds }
    if let milliseconds = value.string.flatMap(DurationText.milliseconds) { return milliseconds }
    throw TestProblem("given: \(name).\(field) is a duration such as \"9d\" or \"36h\", not \(value.text())")
  }

  private func amount() throws(TestProblem) -> Int64? {
    guard let value = fields["amount"] else { return nil }
    guard let text = value.string else {
      throw TestProblem("given: \(name).amount needs its unit, such as \"120 CNY\"")
    }
    do throws(ParameterProblem) {
      return try Money(parsing: text).minorUnits
    } catch {
      throw TestProblem("given: \(name).amount: \(error.description)")
    }
  }

  /// A purchase that is worth at least so much, from a seller of the character asked for; a silent one unless said.
  private func purchase(
    from products: [Product], in world: World, worth fen: Int64?
  ) throws(TestProblem) -> World.Purchase {
    let word = fields["seller"]?.string ?? SellerCharacter.silent.rawValue
    guard let character = SellerCharacter(rawValue: word) else {
      let all = SellerCharacter.allCases.map(\.rawValue).joined(separator: ", ")
      throw TestProblem("given: \(name).seller is one of \(all), not \"\(word)\"")
    }
    let sellers = Set(world.allSellers.filter { $0.character == character }.map(\.id))
    guard let product = products.first(where: { sellers.contains($0.sellerID) }), let variant = product.variants.first
    else { throw TestProblem("given: no seller is \(word)") }
    let quantity = max(1, ((fen ?? 0) + variant.price - 1) / variant.price)
    return World.Purchase(productID: product.id, variantID: variant.id, quantity: quantity)
  }
}
