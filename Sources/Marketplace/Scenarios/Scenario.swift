/// What a world holds when a simulator starts.
public struct Scenario: Sendable {
  /// Its name on the command line.
  public let name: String
  let build: @Sendable (inout World) -> Void

  /// A scenario of one's own.
  public init(name: String, build: @escaping @Sendable (inout World) -> Void) {
    self.name = name
    self.build = build
  }

  /// A scenario by name: `small`, `demo` or `empty`.
  public init?(named name: String) {
    guard let scenario = Scenario.all.first(where: { $0.name == name }) else { return nil }
    self = scenario
  }

  /// The names that `init(named:)` knows.
  public static var names: [String] { all.map(\.name) }

  private static let all = [small, demo, empty]

  /// Sellers and goods, but no orders.
  public static let empty = Scenario(name: "empty") { $0.stock() }

  /// Makes a world with this in it.
  ///
  /// - Parameters:
  ///   - seed: What everything random is drawn from.
  ///   - now: The instant, in ms since 1970.
  ///   - longIDs: Every id has 19 digits.
  ///   - windows: How long states last.
  public func world(seed: UInt64, now: Int64, longIDs: Bool = false, windows: Windows = Windows()) -> World {
    var world = World(seed: seed, now: now, longIDs: longIDs)
    world.windows = windows
    build(&world)
    return world
  }
}

extension World {
  /// Adds sellers of every character, and goods of each on both marketplaces.
  public mutating func stock() {
    let characters: [SellerCharacter] = [.silent, .prompt, .slow, .refusing, .shipsAnyway]
    for (index, shop) in Samples.shops.enumerated() {
      addSeller(id: String(17 + index), nick: shop, character: characters[index % characters.count])
    }
    for (index, title) in Samples.titles.enumerated() {
      let seller = sellers.rows[index % sellers.count].id
      taobaoGoods.insert(product(title, seller: seller, taobao: true))
      alibabaGoods.insert(product(title, seller: seller, taobao: false))
    }
  }

  private mutating func product(
    _ title: (chinese: String, english: String, category: String, property: String, values: [String]), seller: String,
    taobao: Bool
  ) -> Product {
    let id = identifiers.next(.item)
    var draws = generator("product/\(id)")
    let base: Int64 = draws.draw(18...95) * 100
    let variants = title.values.enumerated().map { index, value in
      Variant(
        id: identifiers.next(.variant), distributionID: taobao ? identifiers.next(.distributionItem) : "",
        specID: draws.hexadecimal(32), price: base + Int64(index) * 200, stock: draws.draw(20...900),
        property: .init(id: 1_627_207, name: title.property, valueID: 28_320 + Int64(index), value: value))
    }
    return Product(
      id: id, distributionID: taobao ? identifiers.next(.distributionItem) : "", title: title.chinese,
      englishTitle: title.english, sellerID: seller, categoryID: title.category,
      image: "http://dummyimage.com/400x400?item=\(id)", variants: variants, monthSold: draws.draw(3...4000),
      minimumQuantity: taobao ? 1 : draws.draw(1...3))
  }
}
