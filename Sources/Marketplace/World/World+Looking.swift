extension World {
  /// Every seller, in the order they came.
  public var allSellers: [Seller] { sellers.rows }
  /// Every item on Taobao.
  public var taobaoProducts: [Product] { taobaoGoods.rows }
  /// Every item on 1688.
  public var alibabaProducts: [Product] { alibabaGoods.rows }
  /// Every Taobao order, oldest first by creation here.
  public var allTaobaoOrders: [TaobaoOrder] { taobaoOrders.rows }
  /// Every Taobao reverse order, oldest first by creation here.
  public var allReverseOrders: [ReverseOrder] { reverseOrders.rows }
  /// Every 1688 order, oldest first by creation here.
  public var allAlibabaOrders: [AlibabaOrder] { alibabaOrders.rows }
  /// Every 1688 refund, oldest first by creation here.
  public var allAlibabaRefunds: [AlibabaRefund] { alibabaRefunds.rows }

  /// The Taobao order of that id.
  public func taobaoOrder(id: String) -> TaobaoOrder? { taobaoOrders[id] }
  /// The Taobao reverse order of that id.
  public func reverseOrder(id: String) -> ReverseOrder? { reverseOrders[id] }
  /// The 1688 order of that id.
  public func alibabaOrder(id: String) -> AlibabaOrder? { alibabaOrders[id] }
  /// The 1688 refund of that id.
  public func alibabaRefund(id: String) -> AlibabaRefund? { alibabaRefunds[id] }
}
