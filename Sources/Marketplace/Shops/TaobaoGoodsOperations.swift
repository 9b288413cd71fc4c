import JSON

/// The six goods operations of Taobao.
enum TaobaoGoodsOperations {
  static let handlers: [String: Handler] = [
    "taobao.products.searchByImage": searchByImage, "taobao.products.search": search,
    "taobao.products.batchGet": batchGet, "taobao.products.get": get, "taobao.products.inquire": inquire,
    "taobao.products.source": source,
  ]

  @Sendable private static func search(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    var page = try call.page(maximum: 40)
    page.overlap = world.listFault.overlap
    let keyword = try call.optionalText("keyword")
    var found = world.taobaoGoods.rows.filter { $0.matches(keyword) }
    switch try call.optionalText("sort")?.lowercased() {
    case "price_asc": found.sort { ($0.price, $0.id) < ($1.price, $1.id) }
    case "price_desc": found.sort { ($0.price, $0.id) > ($1.price, $1.id) }
    case "sale_qty_asc": found.sort { ($0.monthSold, $0.id) < ($1.monthSold, $1.id) }
    case "sale_qty_desc": found.sort { ($0.monthSold, $0.id) > ($1.monthSold, $1.id) }
    default: break
    }
    return page.answer(found) { world.searchRow($0, language: "en") }
  }

  @Sendable private static func searchByImage(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let picture = try call.firstText("picUrl", "imageId")
    let language = try call.optionalText("language") ?? "en"
    let found = world.alike(world.taobaoGoods.rows, to: picture)
    return Page(number: 1, size: 100).answer(found) { world.searchRow($0, language: language) }
  }

  @Sendable private static func batchGet(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    var known: [JSON] = []
    var unknown: [JSON] = []
    var reasons: [JSON] = []
    for wanted in try call.list("params") {
      let item = Call(operation: "", body: wanted)
      let id = try item.text("itemId")
      guard let product = world.taobaoVariant(product: id, variant: nil)?.0 else {
        unknown.append(.string(id))
        reasons.append(["itemId": .string(id), "reason": "商品不存在"])
        continue
      }
      let skus = try item.value("skuIds") == nil ? nil : Set(item.ids("skuIds"))
      let variants = product.variants.filter { skus?.contains($0.id) ?? true }
      known.append([
        "itemId": .string(product.id), "mpId": .string(product.distributionID),
        "mpSkuList": .array(
          variants.map {
            ["skuId": .string($0.id), "mpSkuId": .string($0.distributionID), "price": .integer($0.price)]
          }),
      ])
    }
    return ["mpProducts": .array(known), "noMpProductItemIds": .array(unknown), "noMpReasonList": .array(reasons)]
  }

  @Sendable private static func get(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    world.detail(try product(world, call))
  }

  @Sendable private static func inquire(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    if try call.optionalText("itemSourceMarket") == "CBU_MARKET" {
      let id = try call.text("itemId")
      guard let product = world.alibabaGoods[id] else { throw .unknown("item of CBU_MARKET", id) }
      return world.detail(product)
    }
    return world.detail(try product(world, call))
  }

  @Sendable private static func source(_ world: inout World, _ call: Call) throws(Refusal) -> JSON {
    let product = try product(world, call)
    let language = try call.optionalText("language") ?? "en"
    return [
      "description": .string(product.title), "itemId": .idNumber(product.id), "itemResource": "taobao",
      "title": .string(product.title), "picUrls": [.string(product.image)], "shopId": .idNumber(product.sellerID),
      "shopName": .string(world.sellers[product.sellerID]?.nick ?? ""), "price": .integer(product.price),
      "promotionPrice": .integer(product.price), "couponPrice": .integer(product.price),
      "properties": .array(product.variants.map { $0.property.answer }),
      "skuList": .array(product.variants.map { $0.answer(image: product.image) }),
      "multiLanguageInfo": product.translation(language), "propertyImageList": [], "promotionDisplays": [],
    ]
  }

  private static func product(_ world: World, _ call: Call) throws(Refusal) -> Product {
    let id = try call.text("itemId")
    guard let product = world.taobaoVariant(product: id, variant: nil)?.0 else { throw .unknown("item", id) }
    return product
  }
}

extension World {
  /// Goods in the order in which they resemble a picture: any order will do, as long as a picture always gives the same.
  func alike(_ goods: [Product], to picture: String) -> [Product] {
    goods.map { (SeededGenerator.digest(picture + $0.id, seed: seed), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// A row of a Taobao search; prices are yuan text there (upstream.md 6.9).
  fileprivate func searchRow(_ product: Product, language: String) -> JSON {
    [
      "itemId": .string(product.id), "title": .string(product.title), "mainImageUrl": .string(product.image),
      "price": .yuanText(product.price), "couponPrice": .yuanText(product.price), "inventory": .integer(product.stock),
      "shopName": .string(sellers[product.sellerID]?.nick ?? ""), "tags": [],
      "multiLanguageInfo": product.translation(language), "promotionDisplays": [],
    ]
  }

  /// A Taobao product in full; prices in fen.
  fileprivate func detail(_ product: Product) -> JSON {
    let shop = JSON.string(sellers[product.sellerID]?.nick ?? "")
    return [
      "itemId": .idNumber(product.id), "mpId": .string(product.distributionID), "title": .string(product.title),
      "description": .string(product.title), "categoryId": .string(product.categoryID),
      "categoryName": .string(Categories.name(product.categoryID)),
      "categoryPath": .string("全部/\(Categories.name(product.categoryID))"), "itemType": "HAVE_MATERIAL",
      "status": "active", "quantity": .integer(product.stock), "beginAmount": .integer(product.minimumQuantity),
      "price": .integer(product.price), "promotionPrice": .integer(product.price), "productUnit": "件",
      "picUrls": [.string(product.image)], "shopId": .idNumber(product.sellerID), "shopName": shop, "userNick": shop,
      "postFee": .integer(Freight.domestic(seller: product.sellerID, seed: seed)),
      "skuList": .array(product.variants.map { $0.answer(image: product.image) }),
    ]
  }
}

extension Product {
  /// Whether a keyword is in the Chinese or English title; no keyword matches everything.
  func matches(_ keyword: String?) -> Bool {
    guard let keyword = keyword?.lowercased() else { return true }
    return title.lowercased().contains(keyword) || englishTitle.lowercased().contains(keyword)
  }

  fileprivate func translation(_ language: String) -> JSON {
    ["language": .string(language), "title": .string(englishTitle), "mainImageUrl": .string(image)]
  }
}

extension Variant.Property {
  var answer: JSON {
    ["propId": .integer(id), "propName": .string(name), "valueId": .integer(valueID), "valueName": .string(value)]
  }
}

extension Variant {
  fileprivate func answer(image: String) -> JSON {
    [
      "skuId": .string(id), "mpSkuId": .string(distributionID), "quantity": .integer(stock), "price": .integer(price),
      "promotionPrice": .integer(price), "status": "active", "picUrl": .string(image), "properties": [property.answer],
    ]
  }
}
