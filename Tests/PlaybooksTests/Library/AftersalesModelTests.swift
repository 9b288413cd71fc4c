import JSON
import Marketplace
import PandaPon
import Testing

@testable import Playbooks

/// What `ebb.aftersales` says of both markets beyond a refund's state.
@Suite struct AftersalesModelTests {
  private static let prelude = """
    local aftersales = require "ebb.aftersales"
    local function taobao_refund(id, status, line)
      return aftersales.refund {
        refundOrder = { refundId = id, refundStatus = status, refundType = "2" },
        purchaseOrderLine = { purchaseOrderLineId = line },
        logistics = { receiverAddress = { receiver = "王五", phone = "1", detailAddress = "河南省 1 号" }, sellerAgreeReturnDescribe = "请寄回" },
      }
    end
    local function alibaba_refund(id, status, lines, more)
      local answer = { refundId = id, status = status, orderEntryIdList = lines }
      for key, value in pairs(more or {}) do answer[key] = value end
      return aftersales.refund(answer)
    end
    return 
    """

  @Test(
    arguments: [
      ("taobao_refund('1', '20', '5').kind", "return"), ("taobao_refund('1', '20', '5').expiry", "unfavourable"),
      ("taobao_refund('1', '10', '5').expiry", "favourable"), ("taobao_refund('1', '100', '5').expiry == nil", true),
      ("taobao_refund('1', '77', '5').expiry == nil", true), ("taobao_refund('1', '10', '5').line_ids", ["5"]),
      ("taobao_refund('1', '10').line_id == nil", true),
      ("alibaba_refund('TQ1', 'waitbuyersend', { 5, 6 }).line_ids", ["5", "6"]),
      (
        "alibaba_refund('TQ1', 'waitselleragree', {}, { timeOutOperateType = 'CRM_APPLY_TIMEOUT_CLOSE' }).expiry",
        "unfavourable"
      ),
      (
        "alibaba_refund('TQ1', 'waitbuyersend', {}, { timeOutOperateType = 'SYSTEM_AGREE_REFUND' }).expiry",
        "favourable"
      ),
      ("alibaba_refund('TQ1', 'waitbuyersend', {}, { timeOutOperateType = 'odd' }).expiry == nil", true),
      ("alibaba_refund('TQ1', 'waitselleragree', {}).expiry", "favourable"),
      (
        "alibaba_refund('TQ1', 'waitbuyersend', {}, { disputeType = 2, rejectTimes = 3, onlyRefund = true }).phase",
        "after_sale"
      ),
      ("alibaba_refund('TQ1', 'waitbuyersend', {}, { rejectTimes = '3' }).rejections", 3),
      ("alibaba_refund('TQ1', 'waitbuyersend', {}, { onlyRefund = true }).kind", "refund"),
      (
        "tostring(alibaba_refund('TQ1', 'waitbuyersend', {}, { applyPayment = 100, applyCarriage = 5 }).amount)",
        "1.05 CNY"
      ),
      ("aftersales.name('waiting_return', 'zh')", "待我方退货"), ("aftersales.name 'us'", "us"), ("#aftersales.states", 9),
      ("aftersales.is_open(taobao_refund('1', '90', '5'))", true),
      ("aftersales.is_open(taobao_refund('1', '-20', '5'))", false),
      ("aftersales.is_open(taobao_refund('1', '55', '5')) == nil", true),
      ("aftersales.is_stale(taobao_refund('1', '10', '5'), '7d') == nil", true),
      ("aftersales.is_stale(taobao_refund('1', '-20', '5'), '7d')", false),
      ("aftersales.is_stale(taobao_refund('1', '10', '5'), '7d', now() - 7 * 86400000)", false),
      ("aftersales.is_stale(taobao_refund('1', '10', '5'), '7d', now() - 7 * 86400000 - 1)", true),
      ("aftersales.is_stale(taobao_refund('1', '55', '5'), '7d', 0) == nil", true),
      (
        "aftersales.is_stale(alibaba_refund('TQ1', 'waitbuyersend', {}, { gmtApply = '20261020080000000+0800' }), '7d')",
        true
      ),
      (
        "aftersales.age(alibaba_refund('TQ1', 'waitbuyersend', {}, { gmtApply = '20261031080000000+0800' }))",
        86_400_000
      ),
      (
        "aftersales.address(taobao_refund('1', '20', '5'))",
        ["receiver": "王五", "phone": "1", "detailAddress": "河南省 1 号", "note": "请寄回"]
      ),
      (
        "aftersales.address { refundId = '1', receiverAddress = { detailAddress = 'x' }, logisticsCompanies = {} }",
        ["detailAddress": "x"]
      ),
      ("aftersales.address { refundId = '1', logisticsCompanies = {} } == nil", true),
      ("aftersales.address(aftersales.refund { refundStatus = '20', refundId = '1' }) == nil", true),
      (
        "aftersales.address(alibaba_refund('TQ1', 'waitbuyersend', {}, { sellerRealName = '琳琳', sellerTel = '2', sellerReceiveAddress = '山东' }))",
        ["receiver": "琳琳", "phone": "2", "detailAddress": "山东"]
      ),
      (
        "aftersales.address_changes({ phone = '1', detailAddress = 'a  b', note = 'x' }, { phone = '2', detailAddress = 'a b', receiver = '王' })",
        ["receiver", "phone"]
      ),
      ("#aftersales.address_changes({ detailAddress = 'a' }, nil)", 0),
      ("aftersales.keys(alibaba_refund('TQ1', 'waitbuyersend', { 5, 6 }))", ["1688:5", "1688:6"]),
      ("#aftersales.keys(taobao_refund('1', '100', '5'))", 0),
      ("aftersales.keys(taobao_refund('1', '55', '5'))", ["taobao:5"]),
      ("#aftersales.keys(taobao_refund('1', '10'))", 0),
      (
        "require('ebb.list').map(aftersales.duplicates { taobao_refund('1', '10', '5'), taobao_refund('2', '-10', '5'), taobao_refund('1', '20', '5'), taobao_refund('3', '-20', '5'), alibaba_refund('TQ1', 'waitbuyersend', { 5 }) }, function(group) return { group.key, #group.refunds } end)",
        [["taobao:5", 2]]
      ),
      ("#aftersales.duplicates {}", 0),
    ] as [(String, JSON)])
  func values(_ expression: String, _ value: JSON) async throws {
    #expect(try await Stage().result(Self.prelude + expression) == value)
  }

  @Test(
    arguments: [
      ("SF", "SF"), ("sf", "SF"), ("顺丰", "SF"), ("顺丰速运", "SF"), ("顺丰快递", "SF"), (" 顺丰 ", "SF"), ("圆通速递", "YTO"),
      ("圆通", "YTO"), ("yuantong", "YTO"), ("中通快递有限公司", "ZTO"), ("韵达", "YUNDA"), ("EMS", "EMS"), ("邮政EMS", "EMS"),
      ("SF Express", "SF"), ("极兔", nil), ("", nil), ("快递", nil), ("顺丰圆通", nil),
    ] as [(String, JSON?)])
  func carriersOnOffer(_ name: String, _ code: JSON?) async throws {
    let rows = Carrier.all.map { "{ logisticCompanyCode = '\($0.code)', logisticsCompanyName = '\($0.name)' }" }
    let result = try await Stage().result(
      Self.prelude + "{ (aftersales.carrier({ logisticsCompanies = { \(rows.joined(separator: ", ")) } }, '\(name)')) }"
    )
    #expect(result?[0] == code)
  }

  @Test(
    arguments: [
      ("{ { companyNo = 'HTKY', companyName = '百世快递' }, { companyNo = 'SF', companyName = '顺丰速运' } }", "汇通", "HTKY"),
      ("{ result = { { companyNo = 'SF', companyName = '顺丰速运' } } }", "顺丰", "SF"),
      ("{ { companyNo = 'A', companyName = '顺丰速运' }, { companyNo = 'B', companyName = '顺丰快运' } }", "顺丰", nil),
      ("{ { companyNo = 'A', companyName = '顺丰速运' }, { companyNo = 'B', companyName = '顺丰快运' } }", "顺丰快运", "B"),
      ("{ refundId = '7' }", "顺丰", nil), ("nil", "顺丰", nil),
    ] as [(String, String, JSON?)])
  func carriersOf1688(_ rendered: String, _ name: String, _ code: JSON?) async throws {
    let result = try await Stage().result(Self.prelude + "{ (aftersales.carrier(\(rendered), '\(name)')) }")
    #expect(result?[0] == code)
  }

  @Test func whatIsOfferedIsSaid() async throws {
    let result = try await Stage().result(
      Self.prelude
        + "{ select(2, aftersales.carrier({ { companyNo = 'A', companyName = '甲' }, { companyNo = 'B' } }, '丙')) }")
    #expect(result == ["甲, B"])
  }

  @Test func evidenceKeepsToTheLimits() async throws {
    let result = try await Stage().result(
      Self.prelude + """
        {
          aftersales.evidence("taobao", "create", {
            { url = "chat", kind = "chat" }, { url = "torn", kind = "defect" }, { url = "torn", kind = "defect" }, { url = "odd" },
            { url = "label", kind = "label" }, { url = "box", kind = "unboxing" },
          }),
          aftersales.evidence("1688", "submit_return", {
            { url = "a.JPG" }, { url = "b.png" }, { url = "c.jpg", bytes = 1048576 }, { url = "d", bytes = 5 },
          }, { "other" }),
        }
        """)
    #expect(
      result == [
        [
          "market": "taobao", "purpose": "create", "images": ["torn", "label", "box"],
          "left_out": [
            ["url": "torn", "why": "attached already"], ["url": "chat", "why": "more than the market takes"],
            ["url": "odd", "why": "more than the market takes"],
          ],
        ],
        [
          "market": "1688", "purpose": "submit_return", "images": ["a.JPG", "d"],
          "left_out": [
            ["url": "b.png", "why": "not of a kind that the market takes"],
            ["url": "c.jpg", "why": "larger than the market takes"],
          ],
        ],
      ])
  }

  @Test(arguments: [
    ("aftersales.name('odd')", "odd is no state"),
    ("aftersales.name('us', 'ko')", "there are names in zh and en, not in ko"),
    ("aftersales.evidence('ebay', 'create', {})", "there is no market ebay"),
    ("aftersales.evidence('1688', 'modify', {})", "1688 takes no pictures for modify"),
    ("aftersales.evidence('1688', 'create', { {} })", "picture 1 must be a table with a url"),
    ("aftersales.address(nil)", "argument 1 must be a subject or an answer, not nil"),
  ])
  func mistakes(_ expression: String, _ message: String) async throws {
    let failure = try await Stage().failure(Self.prelude + "{ \(expression) }")
    #expect(failure.code == .invalid && failure.message.contains(message), "\(failure.message)")
  }

  @Test func of1688TheDeadlineIsAskedForAndRead() async throws {
    let stage = Stage(
      api: ScriptedAPI(read: { call in
        var answer: JSON = ["refundId": "TQ1", "status": "waitbuyersend"]
        if call.arguments["needTimeOutInfo"] == true { answer["gmtTimeOut"] = "20261102080000000+0800" }
        return .answer(answer)
      }))
    let result = try await stage.result(
      Self.prelude
        + "aftersales.reread({ kind = 'alibaba.events.refundChanged', body = { refundId = 'TQ1' } }).time_left")
    #expect(result == 86_400_000)
  }
}
