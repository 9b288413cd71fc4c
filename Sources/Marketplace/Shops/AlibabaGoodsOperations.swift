import JSON

/// The eight goods operations and the three selections of 1688.
enum AlibabaGoodsOperations {
  static let handlers: [String: Handler] = [
    "alibaba.products.get": get, "alibaba.products.wangwangUrl": wangwangUrl, "alibaba.products.search": search,
    "alibaba.products.searchByImage": searchByImage, "alibaba.products.searchSeller": searchSeller,
    "alibaba.products.categories": categories, "alibaba.products.recommend": recommend,
    "alibaba.products.related": related, "alibaba.selections.global": global, "alibaba.selections.strict": strict,
    "alibaba.selections.hot": hot,
  ]

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let product = try product(world, call)
    try country(call)
    return world.offerDetail(product)
  }

  @Sendable private static func wangwangUrl(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let product = try product(world, call)
    let openID = try call.text("openUid")
    guard let seller = world.seller(openID: openID) else { throw .unknown("seller", openID) }
    guard seller.id == product.sellerID else { throw .conflict("offer \(product.id) is not of this seller") }
    return [
      "wangwangNick": .string(seller.nick),
      "wangwangUrl": .string("https://amos.alicdn.com/getcid.aw?site=cnalichn&offerId=\(product.id)&uid=\(seller.id)"),
    ]
  }

  @Sendable private static func search(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    try list(world, call, world.alibabaGoods.rows, keyword: try call.text("keyword"))
  }

  @Sendable private static func searchByImage(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let picture = try call.firstText("imageAddress", "imageBase64")
    var answer = try list(world, call, world.alike(world.alibabaGoods.rows, to: picture), keyword: nil)
    answer["picRegionInfo"] = ["currentRegion": .string(try call.optionalText("region") ?? "0,100,0,100")]
    return answer
  }

  @Sendable private static func searchSeller(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let openID = try call.text("sellerOpenId")
    guard let seller = world.seller(openID: openID) else { throw .unknown("seller", openID) }
    let goods = world.alibabaGoods.rows.filter { $0.sellerID == seller.id }
    return try list(world, call, goods, keyword: try call.optionalText("keyword"))
  }

  @Sendable private static func categories(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let id = try call.text("categoryId")
    _ = try call.text("language")
    guard let answer = Categories.answer(id) else { throw .unknown("category", id) }
    return answer
  }

  @Sendable private static func recommend(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let member = try call.text("outMemberId")
    return try list(world, call, world.alike(world.alibabaGoods.rows, to: member), keyword: nil)
  }

  @Sendable private static func related(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let product = try product(world, call)
    _ = try call.text("language")
    var page = try call.page(sizeRequired: true, maximum: 10)
    page.overlap = world.listFault.overlap
    let others = world.alike(world.alibabaGoods.rows.filter { $0.id != product.id }, to: product.id)
    let near = others.filter { $0.categoryID == product.categoryID || $0.sellerID == product.sellerID }
    let far = others.filter { $0.categoryID != product.categoryID && $0.sellerID != product.sellerID }
    return page.answer(near + far) { world.offerRow($0) }
  }

  @Sendable private static func global(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let goods = world.alibabaGoods.rows.filter { $0.monthSold % 3 == 0 }
    return try list(world, call, goods, keyword: try call.text("keyword"))
  }

  @Sendable private static func strict(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let goods = world.alibabaGoods.rows.filter { $0.monthSold % 2 == 0 }
    return try list(world, call, goods, keyword: try call.text("keyword"))
  }

  @Sendable private static func hot(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let rank = try call.text("rankId")
    let kind = try call.text("rankType")
    let limit = try call.integer("limit")
    _ = try call.text("language")
    guard (1...20).contains(limit) else { throw .invalid("limit", "is from 1 to 20") }
    guard Categories.answer(rank) != nil else { throw .unknown("category", rank) }
    var goods = world.alibabaGoods.rows.filter { rank == "0" || $0.categoryID == rank }
    goods.sort { left, right in
      kind == "goodPrice"
        ? (left.price, left.id) < (right.price, right.id) : (left.monthSold, left.id) > (right.monthSold, right.id)
    }
    return [
      "rankId": .string(rank), "rankName": .string(Categories.name(rank)), "rankType": .string(kind),
      "rankProductModels": .array(
        goods.prefix(Int(limit)).enumerated().map { place, product in
          [
            "itemId": .idNumber(product.id), "title": .string(product.title),
            "translateTitle": .string(product.englishTitle), "imgUrl": .string(product.image),
            "sort": .integer(Int64(place + 1)), "buyerNum": .integer(product.monthSold / 3),
            "soldOut": .integer(product.monthSold), "goodsScore": "4.5", "serviceList": ["7天无理由"],
          ]
        }),
    ]
  }

  // MARK: Arguments

  /// A page of goods after keyword, category, price and order, as the search operations share them.
  private static func list(
    _ world: World, _ call: Call, _ goods: [Product], keyword: String?
  ) throws(Refusal) -> JSON {
    try country(call)
    var page = try call.page(number: "beginPage", maximum: 50)
    page.overlap = world.listFault.overlap
    let category = try call.optionalText("categoryId")
    let (low, high) = (try fen(call, "priceStart") ?? 0, try fen(call, "priceEnd") ?? .max)
    var found = goods.filter { product in
      product.matches(keyword) && category.map { product.categoryID == $0 } ?? true && product.price >= low
        && product.price <= high
    }
    if call.value("sort") != nil {
      let order = try call.object("sort")
      if let direction = order["price"]?.string {
        found.sort {
          direction == "desc" ? ($0.price, $0.id) > ($1.price, $1.id) : ($0.price, $0.id) < ($1.price, $1.id)
        }
      } else if let direction = order["monthSold"]?.string {
        found.sort {
          direction == "desc"
            ? ($0.monthSold, $0.id) > ($1.monthSold, $1.id) : ($0.monthSold, $0.id) < ($1.monthSold, $1.id)
        }
      }
    }
    return page.answer(found) { world.offerRow($0) }
  }

  private static func product(_ world: World, _ call: Call) throws(Refusal) -> Product {
    let id = try call.text("offerId")
    guard let product = world.alibabaGoods[id] else { throw .unknown("offer", id) }
    return product
  }

  private static func country(_ call: Call) throws(Refusal) {
    guard let country = try call.optionalText("country") else { return }
    guard country == "en" else { throw .invalid("country", "is en") }
  }

  /// Yuan as text, in fen.
  private static func fen(_ call: Call, _ name: String) throws(Refusal) -> Int64? {
    guard let text = try call.optionalText(name) else { return nil }
    guard let yuan = Double(text), yuan >= 0, yuan < 1e9 else { throw .invalid(name, "is an amount in yuan") }
    return Int64((yuan * 100).rounded())
  }
}

extension World {
  fileprivate func offerRow(_ product: Product) -> JSON {
    [
      "offerId": .idNumber(product.id), "imageUrl": .string(product.image), "subject": .string(product.title),
      "subjectTrans": .string(product.englishTitle),
      "priceInfo": [
        "price": .yuanText(product.price), "consignPrice": .yuanText(product.price), "promotionPrice": .null,
      ], "monthSold": .integer(product.monthSold), "repurchaseRate": .string("\(product.monthSold % 40)%"),
      "minOrderQuantity": .integer(product.minimumQuantity), "sellerIdentities": [],
      "offerIdentities": product.monthSold % 2 == 0 ? ["select"] : [], "tradeScore": "4.5",
      "isOnePsale": .bool(product.minimumQuantity == 1), "isSelect": .bool(product.monthSold % 2 == 0), "isJxhy": false,
      "companyName": .string(sellers[product.sellerID]?.nick ?? ""),
      "sellerDataInfo": ["disputeComplaintScore": "4.0", "afterSalesExperienceScore": "4.2"],
      "offerDataInfo": ["qualityRfdRate30d": "0.01"],
      "productSimpleShippingInfo": ["shippingTimeGuarantee": "shipIn48Hours", "qualityReturnRate30d": "0.01"],
      "createDate": "2024-01-01 00:00:00", "modifyDate": "2024-06-01 00:00:00",
    ]
  }

  fileprivate func offerDetail(_ product: Product) -> JSON {
    [
      "offerId": .idNumber(product.id), "categoryId": .idNumber(product.categoryID),
      "categoryName": .string(Categories.name(product.categoryID)), "subject": .string(product.title),
      "subjectTrans": .string(product.englishTitle), "description": .string("<p>\(product.title)</p>"),
      "descriptionTrans": .string("<p>\(product.englishTitle)</p>"), "mainVideo": .null, "detailVideo": .null,
      "productImage": ["images": [.string(product.image)]], "productAttribute": [],
      "productSkuInfos": .array(
        product.variants.map { variant in
          [
            "skuId": .idNumber(variant.id), "specId": .string(variant.specID), "price": .yuanText(variant.price),
            "amountOnSale": .integer(variant.stock),
            "skuAttributes": [
              ["attributeName": .string(variant.property.name), "value": .string(variant.property.value)]
            ],
            "fenxiaoPriceInfo": ["onePiecePrice": .yuanText(variant.price), "offerPrice": .yuanText(variant.price)],
          ]
        }),
      "productSaleInfo": [
        "quoteType": 1, "amountOnSale": .integer(product.stock),
        "priceRangeList": [
          ["startQuantity": .integer(product.minimumQuantity), "price": .yuanText(product.price)]
        ], "unitInfo": ["unit": "件"],
      ], "productShippingInfo": ["weight": 0.4], "isSelect": .bool(product.monthSold % 2 == 0),
      "sellerOpenId": .text(sellers[product.sellerID]?.openID), "minOrderQuantity": .integer(product.minimumQuantity),
      "batchNumber": .null, "status": "published", "tagInfoList": [],
      "traceInfo": .string("object_id@\(product.id)"), "sellerMixSetting": .null,
      "sellerDataInfo": ["disputeComplaintScore": "4.0"], "tradeScore": "4.5",
    ]
  }
}
