import JSON

/// The two operations on the account's address book.
enum AccountOperations {
  static let handlers: [String: Handler] = ["account.addresses.get": get, "account.addresses.save": save]

  private static let required = ["name", "province", "city", "district", "address", "phone"]

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    .array(
      world.addresses.rows.enumerated().map { place, row in
        func field(_ name: String) -> JSON { row.fields[name] ?? .null }
        return [
          "id": .idNumber(row.id), "name": field("name"), "country": "中国", "province": field("province"),
          "city": field("city"), "district": field("district"), "address": field("address"), "phone": field("phone"),
          "mobilePhone": field("phone"), "zip": .null, "taxId": .null, "default": .bool(place == 0),
        ]
      })
  }

  @Sendable private static func save(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let id = try call.optionalText("id")
    if let id, world.addresses[id] == nil { throw .unknown("address", id) }
    var fields: JSONObject = [:]
    for name in required { fields[name] = .string(try call.text(name)) }
    world.saveAddress(.object(fields), id: id)
    return .null
  }
}
