import Catalogue

extension Routes {
  /// Routes before the catalogue lands.
  init(_ catalogue: Int) {
    self.init([
      Route(operation: "taobao.refunds.list", method: "POST", path: "/open/order/refund/queryList", signsQuery: false),
      Route(operation: "taobao.refunds.get", method: "GET", path: "/open/order/refund/query", signsQuery: false),
      Route(
        operation: "taobao.refunds.cancel", method: "GET", path: "/open/order/refund/cancel/{refundId}",
        signsQuery: false),
    ])
  }
}
