import JSON

/// The four operations of the warehouse group.
enum WarehouseOperations {
  static let handlers: [String: Handler] = [
    "warehouse.freight.estimate": estimate, "warehouse.freight.preview": preview,
    "warehouse.shipments.updateDomestic": updateDomestic,
    "warehouse.shipments.createInternational": createInternational,
  ]

  private static let services: [(id: String, company: String, category: String, days: ClosedRange<Int64>)] = [
    ("1", "YunExpress", "standard", 7...12), ("2", "4PX", "economy", 12...25), ("3", "DHL", "express", 3...6),
  ]

  @Sendable private static func estimate(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    try goods(world, call)
    let quantity = try quantity(call)
    _ = (try call.text("currency"), try call.text("price"))
    let country = try country(try call.object("receiverAddress"))
    let seed = world.seed
    return [
      "currency": "CNY",
      "options": .array(
        services.map { service in
          [
            "serviceId": .string(service.id), "companyName": .string(service.company),
            "serviceCategory": .string(service.category),
            "freight": .integer(
              Freight.international(country: country, pieces: quantity, service: service.id, seed: seed)),
            "minDays": .integer(service.days.lowerBound), "maxDays": .integer(service.days.upperBound),
          ]
        }),
    ]
  }

  @Sendable private static func preview(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let items = try call.list("renderItems")
    let address = call.value("receiverAddress") == nil ? JSON.object([:]) : try call.object("receiverAddress")
    let total = try freight(world, items, country: address["country"]?.scalarText ?? "CN")
    let id = world.identifiers.next(.render)
    world.freightQuotes[id] = FreightQuote(id: id, fee: total, items: items.count, quotedAt: world.now)
    return ["renderId": .string(id), "currency": "CNY", "totalFreight": .integer(total)]
  }

  @Sendable private static func updateDomestic(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let orderID = try call.optionalText("orderId")
    let outer = try call.optionalText("tmallOrderId")
    guard let id = orderID ?? outer else { throw .missing("orderId or tmallOrderId") }
    if let orderID {
      guard world.taobaoOrders[orderID] != nil || world.alibabaOrders[orderID] != nil else {
        throw .unknown("order", orderID)
      }
    }
    let parcels = try call.list("logisticInfos")
    for parcel in parcels {
      let info = Call(operation: "", body: parcel)
      for leg in try info.list("domesticLogisticInfo") {
        _ = try Call(operation: "", body: leg).text("logisticNumer")
      }
    }
    world.domesticParcels[id] = .array(parcels)
    return ["success": true, "orderId": .string(id), "parcels": .integer(Int64(parcels.count))]
  }

  @Sendable private static func createInternational(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let country = try country(try call.object("receiverAddress"))
    _ = try freight(world, try call.list("lineItems"), country: country)
    let renderID = try call.optionalText("renderId")
    if let renderID {
      guard world.freightQuotes[renderID] != nil else { throw .unknown("freight preview", renderID) }
      let booked = world.internationalOrders.values.contains { $0.renderID == renderID }
      guard !booked else { throw .conflict("freight preview \(renderID) is booked already") }
    }
    let remark = try call.optionalText("remark")
    let id = "IL" + world.identifiers.next(.parcel)
    world.internationalOrders[id] = InternationalOrder(
      id: id, renderID: renderID ?? "", remark: remark, createdAt: world.now)
    return ["logisticsOrderId": .string(id)]
  }

  // MARK: Arguments

  private static func quantity(_ call: Call) throws(Refusal) -> Int64 {
    let quantity = try call.integer("quantity")
    guard (1...100_000).contains(quantity) else { throw .invalid("quantity", "is from 1 to 100000") }
    return quantity
  }

  private static func country(_ address: JSON) throws(Refusal) -> String {
    guard let country = address["country"]?.scalarText, !country.isEmpty else {
      throw .missing("receiverAddress.country")
    }
    return country
  }

  private static func goods(_ world: World, _ call: Call) throws(Refusal) {
    let (item, sku) = (try call.text("itemId"), try call.text("skuId"))
    guard
      world.taobaoVariant(product: item, variant: sku) != nil
        || world.alibabaVariant(product: item, variant: sku) != nil
    else { throw .unknown("item", "\(item) with skuId \(sku)") }
  }

  private static func freight(_ world: World, _ items: [JSON], country: String) throws(Refusal) -> Int64 {
    var total: Int64 = 0
    for row in items {
      let item = Call(operation: "", body: row)
      try goods(world, item)
      let service = try item.object("freightInfo")["serviceId"]?.scalarText ?? ""
      guard services.contains(where: { $0.id == service }) else { throw .unknown("freight service", service) }
      total += Freight.international(country: country, pieces: try quantity(item), service: service, seed: world.seed)
    }
    return total
  }
}
