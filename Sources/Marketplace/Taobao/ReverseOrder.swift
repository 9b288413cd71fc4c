/// A Taobao reverse order (逆向单): one refund claim on one order line.
public struct ReverseOrder: Sendable, Hashable, Identifiable {
  /// The reverse order id.
  public let id: String
  /// The order and its line.
  public let orderID: String, lineID: String
  /// Who answers it.
  public let sellerID: String
  /// Its state.
  public internal(set) var status: RefundStatus
  /// What is asked for.
  public internal(set) var kind: RefundKind
  /// Where the goods are: 1 not shipped, 2 shipped, 3 not received, 4 received, 5 sent back, 6 back at the seller.
  public internal(set) var goodsStatus: Int64
  /// The amount asked for, in fen.
  public internal(set) var fee: Int64
  /// The most that may be asked for, in fen.
  public internal(set) var maximumFee: Int64
  /// The reason's id, from rendering.
  public internal(set) var reasonID: Int64
  /// The buyer's words.
  public internal(set) var note: String
  /// When it was applied for, in ms; the list's time filter acts on it.
  public internal(set) var appliedAt: Int64
  /// When it entered its state, in ms.
  public internal(set) var enteredAt: Int64
  /// The end of the current window, or of the last one, in ms.
  public internal(set) var deadline: Int64
  /// The seller's words on refusing: template and explanation.
  public internal(set) var refusal: (reason: String, explanation: String)? {
    get { refusalReason.map { ($0, refusalExplanation) } }
    set { (refusalReason, refusalExplanation) = (newValue?.reason, newValue?.explanation ?? "") }
  }
  private var refusalReason: String?
  private var refusalExplanation = ""
  /// How often the seller has refused.
  public internal(set) var refusals = 0
  /// The seller's words on agreeing to a return.
  public internal(set) var agreement: String?
  /// The return waybill and what was given with it.
  public internal(set) var returnParcel: ReturnParcel?
  /// What was written, oldest first.
  public internal(set) var messages: [RefundMessage] = []
  /// Counts transitions, so that what was planned for an earlier state is void.
  var stamp = 0

  init(
    id: String, orderID: String, lineID: String, sellerID: String, status: RefundStatus, kind: RefundKind,
    goodsStatus: Int64, fee: Int64, maximumFee: Int64, reasonID: Int64, note: String, appliedAt: Int64,
    enteredAt: Int64,
    deadline: Int64
  ) {
    self.id = id
    self.orderID = orderID
    self.lineID = lineID
    self.sellerID = sellerID
    self.status = status
    self.kind = kind
    self.goodsStatus = goodsStatus
    self.fee = fee
    self.maximumFee = maximumFee
    self.reasonID = reasonID
    self.note = note
    self.appliedAt = appliedAt
    self.enteredAt = enteredAt
    self.deadline = deadline
  }
}

/// A parcel on its way back to the seller.
public struct ReturnParcel: Sendable, Hashable {
  /// The waybill number.
  public var waybill: String
  /// The carrier's code and name.
  public var carrier: Carrier
  /// The phone given with it.
  public var buyerPhone: String
  /// The buyer's note.
  public var note: String
}

/// A carrier that the marketplace offers for returns.
public struct Carrier: Sendable, Hashable {
  /// The code, e.g. `SF`.
  public let code: String
  /// The Chinese name.
  public let name: String
  /// What its waybills begin with.
  public let prefix: String

  /// The carriers that both marketplaces offer.
  public static let all = [
    Carrier(code: "SF", name: "顺丰速运", prefix: "SF"),
    Carrier(code: "ZTO", name: "中通快递", prefix: "7"),
    Carrier(code: "YTO", name: "圆通速递", prefix: "YT"),
    Carrier(code: "STO", name: "申通快递", prefix: "77"),
    Carrier(code: "YUNDA", name: "韵达快递", prefix: "4"),
    Carrier(code: "EMS", name: "邮政EMS", prefix: "1"),
  ]
}

/// One message on a refund.
public struct RefundMessage: Sendable, Hashable {
  /// 1 seller, 2 seller's clerk, 3 platform clerk, 4 buyer, 5 system, 6 system timeout, 7 service provider.
  public var role: Int64
  /// Who wrote it.
  public var nick: String
  /// The text.
  public var content: String
  /// When, in ms.
  public var time: Int64
  /// Addresses of pictures.
  public var pictures: [String] = []

  /// A message of somebody at an instant.
  public init(role: Int64, nick: String, content: String, time: Int64, pictures: [String] = []) {
    self.role = role
    self.nick = nick
    self.content = content
    self.time = time
    self.pictures = pictures
  }
}

/// Reasons for a refund that rendering offers, by id.
enum RefundReason {
  struct Reason: Sendable, Hashable {
    let id: Int64
    let text: String
    let goodsStatus: ClosedRange<Int64>
    let needsProof: Bool
  }

  static let all: [Reason] = [
    Reason(id: 403_769, text: "不想要了", goodsStatus: 1...4, needsProof: false),
    Reason(id: 403_529, text: "卖家缺货", goodsStatus: 1...1, needsProof: false),
    Reason(id: 403_530, text: "未按约定时间发货", goodsStatus: 1...1, needsProof: false),
    Reason(id: 403_610, text: "空包裹或少货", goodsStatus: 3...4, needsProof: true),
    Reason(id: 403_611, text: "快递一直未送达", goodsStatus: 2...3, needsProof: false),
    Reason(id: 200_001, text: "超材超重", goodsStatus: 2...4, needsProof: false),
    Reason(id: 403_712, text: "颜色款式图案与描述不符", goodsStatus: 4...4, needsProof: true),
    Reason(id: 403_713, text: "质量问题", goodsStatus: 4...4, needsProof: true),
  ]

  static func offered(goodsStatus: Int64) -> [Reason] { all.filter { $0.goodsStatus.contains(goodsStatus) } }
  static func text(_ id: Int64) -> String { all.first { $0.id == id }?.text ?? "其他" }
}
