import JSON
import Testing

@testable import Catalogue

struct SearchTests {
  @Test(
    arguments: [
      ("taobao.refunds.cancle", "taobao.refunds.cancel"), ("taobao.refund.cancel", "taobao.refunds.cancel"),
      ("Taobao.Refunds.Get", "taobao.refunds.get"), ("refunds.cancel", "taobao.refunds.cancel"),
      ("refunds.cancl", "taobao.refunds.cancel"), ("alibaba.refund.creat", "alibaba.refunds.create"),
      ("alibaba.orders.cancl", "alibaba.orders.cancel"), ("taobo.orders.pay", "taobao.orders.pay"),
      ("逆向单撤销", "taobao.refunds.cancel"), ("Reverse order cancellation", "taobao.refunds.cancel"),
      ("submitReturn", "taobao.refunds.submitReturn"),
    ] as [(String, String)])
  func slipsLeadToTheOperation(_ given: String, _ meant: String) {
    #expect(embedded.nearest(to: given) == meant)
  }

  @Test(arguments: ["", "x", "completely.else.where", "数据库"])
  func nonsenseLeadsNowhere(_ given: String) {
    #expect(embedded.nearest(to: given) == nil)
  }

  @Test(
    arguments: [
      ("逆向单", "taobao.refunds.cancel"), ("REVERSE", "taobao.refunds.cancel"),
      ("refund/cancel", "taobao.refunds.cancel"), ("warehouse", "warehouse.freight.estimate"),
    ] as [(String, String)])
  func wordsFind(_ word: String, _ id: String) {
    #expect(embedded.search(word).map(\.id).contains(id))
  }

  @Test func emptyWordFindsAll() {
    #expect(embedded.search("").count == 78)
    #expect(embedded.search("no such words").isEmpty)
  }

  @Test(
    arguments: [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("", "ab", 2), ("kitten", "sitting", 3)]
      as [(String, String, Int)])
  func distancesAreCounted(_ left: String, _ right: String, _ distance: Int) {
    #expect(EditDistance.between(Array(left), Array(right)) == distance)
    #expect(EditDistance.between(Array(right), Array(left)) == distance)
  }
}

struct FenTests {
  @Test(
    arguments: [
      ("0", 0), ("12", 1200), ("12.3", 1230), ("12.34", 1234), ("-0.01", -1), ("007", 700), ("1.2300", 123),
      ("92233720368547758.07", Int64.max), ("92233720368547758.08", nil), ("1.234", nil), ("1,5", nil), (".5", nil),
      ("5.", nil), ("1e3", nil), ("+1", nil), ("١", nil), ("--1", nil),
    ] as [(String, Int64?)])
  func yuanAreReadExactly(_ text: String, _ fen: Int64?) {
    #expect(Fen(yuan: text)?.value == fen)
  }

  @Test(
    arguments: [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (1230, "12.30"), (Int64.min, "-92233720368547758.08")]
      as [(Int64, String)])
  func yuanAreWritten(_ fen: Int64, _ text: String) {
    #expect(Fen(fen).yuanText == text)
    #expect(Fen(yuan: text) == Fen(fen))
  }
}
