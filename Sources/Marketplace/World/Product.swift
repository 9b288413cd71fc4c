/// An item on sale; its ids serve both marketplaces' names (Taobao `itemId`/`mpId`, 1688 `offerId`).
public struct Product: Sendable, Hashable, Identifiable {
  /// The item id: `itemId` on Taobao, `offerId` on 1688.
  public let id: String
  /// The id on the distributor's side, Taobao only.
  public let distributionID: String
  /// The Chinese title.
  public let title: String
  /// The title in English.
  public let englishTitle: String
  /// Who sells it.
  public let sellerID: String
  /// The category it stands in.
  public let categoryID: String
  /// The picture's address.
  public let image: String
  /// Its variants, at least one.
  public let variants: [Variant]
  /// Pieces sold in a month.
  public let monthSold: Int64
  /// The least that is sold at once.
  public let minimumQuantity: Int64

  /// The price of the first variant, in fen.
  public var price: Int64 { variants.first?.price ?? 0 }
  /// What is in stock over all variants.
  public var stock: Int64 { variants.reduce(0) { $0 + $1.stock } }
}

/// A variant (SKU) of a product.
public struct Variant: Sendable, Hashable, Identifiable {
  /// The SKU id.
  public let id: String
  /// The id on the distributor's side, Taobao only.
  public let distributionID: String
  /// The spec id by which 1688 orders name it.
  public let specID: String
  /// The price in fen.
  public let price: Int64
  /// What is in stock.
  public var stock: Int64
  /// The property that tells it from others, e.g. colour.
  public let property: Property

  /// One property and its value.
  public struct Property: Sendable, Hashable {
    /// The property's id and name, and the value's id and name.
    public let id: Int64, name: String, valueID: Int64, value: String
  }
}
