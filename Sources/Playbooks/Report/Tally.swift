public import JSON
public import Journal

/// Decisions counted by kind, and by reason.
public struct Tally: Sendable {
  /// The decisions of one kind for one reason.
  public struct Line: Sendable {
    public let kind: Decision.Kind
    public let reason: String
    public let count: Int
    /// The sums of their amounts, by currency.
    public let amounts: [Money]
  }

  /// One line per kind and reason, in the order of ``Decision/Kind``, the largest first.
  public let lines: [Line]
  /// The sums of what was done, by currency.
  public let done: [Money]
  private let counts: [Decision.Kind: Int]

  /// Counts those decisions.
  public init(_ decisions: [Decision]) {
    struct Key: Hashable {
      let kind: Decision.Kind
      let reason: String
    }
    counts = Dictionary(grouping: decisions, by: \.kind).mapValues(\.count)
    done = Self.sums(decisions.filter { $0.kind == .done })
    let order = Decision.Kind.allCases
    lines = Dictionary(grouping: decisions) { Key(kind: $0.kind, reason: $0.reason) }
      .map { key, group in
        Line(kind: key.kind, reason: key.reason, count: group.count, amounts: Self.sums(group))
      }
      .sorted { left, right in
        let places = (order.firstIndex(of: left.kind) ?? 0, order.firstIndex(of: right.kind) ?? 0)
        if places.0 != places.1 { return places.0 < places.1 }
        return left.count != right.count ? left.count > right.count : left.reason < right.reason
      }
  }

  /// How many decisions are of that kind.
  public func count(_ kind: Decision.Kind) -> Int { counts[kind] ?? 0 }

  private static func sums(_ decisions: [Decision]) -> [Money] {
    var sums: [String: Int64] = [:]
    for charge in decisions.compactMap(\.amount) {
      let (sum, overflow) = sums[charge.currency, default: 0].addingReportingOverflow(charge.minorUnits)
      sums[charge.currency] = overflow ? .max : sum
    }
    return sums.sorted { $0.key < $1.key }.map { Money(minorUnits: $0.value, currency: $0.key) }
  }

  /// The tally as `--json` and scripts' results have it: counts, and `amount` as `{fen, currency}`, or a list of them
  /// where there are several currencies.
  public var json: JSON {
    let amounts = done.map(\.json)
    return [
      "done": .integer(Int64(count(.done))), "planned": .integer(Int64(count(.planned))),
      "kept": .integer(Int64(count(.kept))), "handed_over": .integer(Int64(count(.handedOver))),
      "waiting": .integer(Int64(count(.waiting))), "failed": .integer(Int64(count(.failed))),
      "amount": amounts.count > 1 ? .array(amounts) : amounts.first ?? Money(minorUnits: 0).json,
    ]
  }
}
