public import JSON

extension World {
  /// Which marketplace.
  public enum Market: String, Sendable, Hashable, CaseIterable {
    /// Taobao.
    case taobao
    /// 1688.
    case alibaba
  }

  /// Puts goods into a cart; the same variant again adds to its quantity. Answers the row's id.
  @discardableResult
  public mutating func addToCart(
    _ market: Market, product: String, variant: String, quantity: Int64, userID: String? = nil
  ) -> String {
    let cart = market == .taobao ? taobaoCart : alibabaCart
    if let row = cart.rows.first(where: { $0.productID == product && $0.variantID == variant && $0.userID == userID }) {
      _ = change(market) { $0.update(row.id) { $0.quantity += quantity } }
      return row.id
    }
    let id = identifiers.next(.cart)
    let row = CartItem(
      id: id, productID: product, variantID: variant, quantity: quantity, userID: userID, addedAt: now)
    change(market) { $0.insert(row) }
    return id
  }

  mutating func change<Result>(_ market: Market, _ body: (inout Ledger<CartItem>) -> Result) -> Result {
    market == .taobao ? body(&taobaoCart) : body(&alibabaCart)
  }

  /// Saves an address; answers its id.
  @discardableResult
  public mutating func saveAddress(_ fields: JSON, id: String? = nil) -> String {
    let id = id ?? identifiers.next(.address)
    addresses.insert(SavedAddress(id: id, fields: fields))
    return id
  }
}
