import JSON
import Marketplace

/// What `given` puts into the marketplace: sellers' orders and refunds, each with only what the test cares about.
///
/// ```lua
/// given { refunds = { stale = { state = "waiting_seller", age = "9d", left = "3d", amount = "120 CNY" } } }
/// ```
struct GivenContents {
  private let contents: JSONObject
  private static let groups = ["refunds", "orders", "alibaba_refunds", "alibaba_orders"]

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
          found.append(.string(try put(member, of: group, named: "\(group)[\(index + 1)]", into: &world)))
        }
        ids[group] = .array(found)
      } else {
        var found = JSONObject()
        for (name, member) in members.object ?? [:] {
          found[name] = .string(try put(member, of: group, named: "\(group).\(name)", into: &world))
        }
        ids[group] = .object(found)
      }
    }
    return .object(ids)
  }

  private func put(
    _ member: JSON, of group: String, named name: String, into world: inout World
  ) throws(TestProblem) -> String {
    let given = try GivenOrder(member, named: name)
    switch group {
    case "refunds": return try given.reverseOrder(in: &world)
    case "orders": return try given.taobaoOrder(in: &world)
    case "alibaba_refunds": return try given.alibabaRefund(in: &world)
    default: return try given.alibabaOrder(in: &world)
    }
  }
}
