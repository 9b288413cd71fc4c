public import JSON

extension World {
  /// How many there are of what, by state, and the instant.
  public var summary: JSON {
    func count<Row>(_ rows: [Row], _ state: (Row) -> String) -> JSON {
      var counts: [String: Int64] = [:]
      for row in rows { counts[state(row), default: 0] += 1 }
      return .object(JSONObject(counts.sorted { $0.key < $1.key }.map { (key: $0.key, value: .integer($0.value)) }))
    }
    return [
      "now": .string(CivilTime.rfc3339(now)),
      "now_ms": .integer(now),
      "taobao": [
        "orders": count(taobaoOrders.rows) { $0.status.rawValue },
        "refunds": count(reverseOrders.rows) { String($0.status.rawValue) },
        "cart": .integer(Int64(taobaoCart.count)),
        "products": .integer(Int64(taobaoGoods.count)),
      ],
      "alibaba": [
        "orders": count(alibabaOrders.rows) { $0.status.rawValue },
        "refunds": count(alibabaRefunds.rows) { $0.status.rawValue },
        "cart": .integer(Int64(alibabaCart.count)),
        "products": .integer(Int64(alibabaGoods.count)),
      ],
      "addresses": .integer(Int64(addresses.count)),
      "sellers": count(sellers.rows) { $0.character.rawValue },
    ]
  }
}
