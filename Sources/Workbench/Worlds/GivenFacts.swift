import JSON
import Marketplace

/// What is so of an order or a refund that is there, or is shown of it: the fields that `given` and `change` share.
struct GivenFacts {
  private let fields: JSONObject
  private let name: String
  static let known = ["address", "currency", "messages", "price", "refusal", "refusals", "shows", "trace"]
  /// What only an order or refund that is there already can be changed in: when it is made these are part of its making.
  static let changing = ["amount", "left"]

  /// - Parameters:
  ///   - name: of the place, in complaints.
  ///   - others: fields that somebody else reads.
  init(_ json: JSON?, named name: String, besides others: [String]) throws(TestProblem) {
    // An empty table is a list to whoever writes JSON.
    guard let fields = json?.object ?? (json?.array?.isEmpty == true ? [:] : nil) else {
      throw TestProblem("\(name) is no table")
    }
    for (key, _) in fields where !Self.known.contains(key) && !others.contains(key) {
      let all = (Self.known + others).sorted().joined(separator: ", ")
      throw TestProblem("\(name) has no \(key); it may have \(all)")
    }
    self.fields = fields
    self.name = name
  }

  /// Lets all of it be so.
  func apply(to id: String, in world: inout World) throws(TestProblem) {
    try show(of: id, in: &world)
    for (index, message) in (fields["messages"]?.array ?? []).enumerated() {
      let message = try GivenMessage(message, named: "\(name).messages[\(index + 1)]").message(at: world.now)
      guard world.add(message, toReverseOrder: id) else {
        throw TestProblem("\(name).messages: only refunds on Taobao have messages")
      }
    }
    let (words, times) = (try text("refusal"), fields["refusals"]?.integer.map(Int.init(clamping:)))
    if words != nil || times != nil, !world.setRefusal(words, times: times, ofRefund: id) {
      throw TestProblem("\(name).refusal: only refunds are refused")
    }
    if let price = try GivenField.amount(fields["price"], named: "\(name).price"), !world.setPrice(price, ofOrder: id) {
      throw TestProblem("\(name).price: only the price of an unpaid order changes")
    }
  }

  /// Changes besides what only `change` may: the amount asked for, and the time left.
  func change(_ id: String, in world: inout World) throws(TestProblem) {
    try apply(to: id, in: &world)
    if let amount = try GivenField.amount(fields["amount"], named: "\(name).amount"),
      !world.setFee(amount, ofReverseOrder: id)
    {
      throw TestProblem("\(name).amount: only a refund on Taobao changes its amount; an unpaid order has a price")
    }
    if let left = try GivenField.duration(fields["left"], named: "\(name).left"),
      !world.setDeadline(world.now + left, ofRefund: id)
    {
      throw TestProblem("\(name).left: only an open refund has a deadline")
    }
  }

  private func show(of id: String, in world: inout World) throws(TestProblem) {
    var shown = world.appearances[id] ?? Appearance()
    if let status = try text("shows") { shown.status = status.isEmpty ? nil : status }
    if let currency = try text("currency") { shown.currency = currency }
    if let trace = try text("trace") { shown.trace = trace }
    switch fields["address"] {
    case nil: break
    case .bool(false)?: shown.address = .hidden
    case .bool(true)?: shown.address = .own
    case .string(let place)?: shown.address = .other(place)
    case let other?:
      throw TestProblem("\(name).address is false, true or another place, not \(other.text())")
    }
    if shown != world.appearances[id] ?? Appearance() { world.appearances[id] = shown }
  }

  private func text(_ field: String) throws(TestProblem) -> String? {
    guard let value = fields[field] else { return nil }
    guard let text = value.scalarText else { throw TestProblem("\(name).\(field) is a text, not \(value.text())") }
    return text
  }
}
