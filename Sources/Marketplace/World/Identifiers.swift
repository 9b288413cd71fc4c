/// Hands out ids in the shapes that the documented samples show, each one once.
struct Identifiers: Sendable, Hashable {
  /// What an id names.
  enum Kind: Int64, Sendable, Hashable, CaseIterable {
    case taobaoRefund, taobaoOrder, taobaoLine, alibabaOrder, alibabaEntry, alibabaRefund, payment, cart, address
    case item, distributionItem, variant, parcel, render, voucher
  }

  private var counters: [Int64]
  private let long: Bool

  /// - Parameter long: every numeric id has 19 digits, beyond what a double holds.
  init(long: Bool) {
    self.long = long
    counters = Array(repeating: 0, count: Kind.allCases.count)
  }

  mutating func next(_ kind: Kind) -> String {
    counters[Int(kind.rawValue)] += 1
    let count = counters[Int(kind.rawValue)]
    if long, kind != .cart, kind != .address {
      return String(2_912_066_688_476_065_001 + kind.rawValue * 10_000_000_000 + count * 751)
    }
    return switch kind {
    case .taobaoRefund: String(110_000_235_000 + count)
    case .taobaoOrder: String(1_460_312_617_000 + count * 13)
    case .taobaoLine: String(114_232_165_000 + count * 7)
    case .alibabaOrder: String(2_542_285_634_920_880_000 + count * 794)
    case .alibabaEntry: String(2_542_285_634_920_881_000 + count * 791)
    case .alibabaRefund: String(163_530_048_220_088_000 + count * 17)
    case .payment: String(2_024_110_122_001_000 + count)
    case .cart: String(74 + count)
    case .address: String(300 + count)
    case .item: String(672_991_141_000 + count * 19)
    case .distributionItem: String(2_048_057_995_392_000 + count * 23)
    case .variant: String(3_452_545_926_000 + count * 29)
    case .parcel: String(1_218_132_354_600 + count * 3)
    case .render: "FF" + String(2_024_080_200_000 + count)
    case .voucher: String(90_000 + count)
    }
  }
}
