import JSON
import Marketplace

/// What `given` puts into the marketplace: sellers' orders and refunds, each with only what the test cares about.
///
/// ```lua
/// given { refunds = { stale = { state = "waiting_seller", age = "9d", left = "3d", amount = "120 CNY" } } }
/// ```
struct GivenContents {
  private let contents: JSONObject
  /// Orders come first: a refund may name one.
  private static let groups = ["orders", "alibaba_orders", "refunds", "alibaba_refunds"]

  init(_ json: JSON?) throws(TestProblem) {
    guard let contents = json?.object else { throw TestProblem("given takes a table of tables") }
    for (key, _) in contents where !Self.groups.contains(key) {
      throw TestProblem("given: there is no \(key); there are \(Self.groups.joined(separator: ", "))")
    }
    self.contents = contents
  }

  /// Puts all of it into a world; answers the ids under the same keys.
  func put(into world: inout World) throws(TestProblem) -> JSON {
    var ids = JSONObject()
    for group in Self.groups {
      guard let members = contents[group] else { continue }
      // A list in Lua has no keys: its ids come as a list as well.
      if let list = members.array {
        var found: [JSON] = []
        for (index, member) in list.enumerated() {
          found.append(.string(try put(member, of: group, named: "\(group)[\(index + 1)]", after: ids, into: &world)))
        }
        ids[group] = .array(found)
      } else {
        var found = JSONObject()
        for (name, member) in members.object ?? [:] {
          found[name] = .string(try put(member, of: group, named: "\(group).\(name)", after: ids, into: &world))
        }
        ids[group] = .object(found)
      }
    }
    return .object(ids)
  }

  private func put(
    _ member: JSON, of group: String, named name: String, after ids: JSONObject, into world: inout World
  ) throws(TestProblem) -> String {
    // What is not a table of fields is nothing that facts could be about either.
    let facts = try GivenFacts(member, named: "given: \(name)", besides: GivenOrder.known)
    let given = GivenOrder(member, named: name, orders: ids[group == "refunds" ? "orders" : "alibaba_orders"])
    let id: String
    switch group {
    case "refunds": id = try given.reverseOrder(in: &world)
    case "orders": id = try given.taobaoOrder(in: &world)
    case "alibaba_refunds": id = try given.alibabaRefund(in: &world)
    default: id = try given.alibabaOrder(in: &world)
    }
    try facts.apply(to: id, in: &world)
    return id
  }
}
