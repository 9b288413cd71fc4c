public import JSON
public import Journal

/// What the effects of a plan move in one direction and currency.
public struct PlanTotal: Hashable, Sendable {
  public let direction: Charge.Direction
  /// Capped at 64 bits.
  public let amount: Money
  /// How many effects move it.
  public let count: Int

  /// The sums of all effects whose amount is known, `out` first, by currency within a direction.
  static func sums(of effects: [PlannedEffect]) -> [PlanTotal] {
    struct Key: Hashable {
      let direction: Charge.Direction
      let currency: String
    }
    let charges = Dictionary(grouping: effects.compactMap(\.charge)) {
      Key(direction: $0.direction, currency: $0.currency)
    }
    let order: [Charge.Direction] = [.out, .in, .forgone]
    return order.flatMap { direction in
      charges.filter { $0.key.direction == direction }.sorted { $0.key.currency < $1.key.currency }.map { key, group in
        let sum = group.reduce(Int64(0)) { sum, charge in
          let (next, overflow) = sum.addingReportingOverflow(charge.minorUnits)
          return overflow ? .max : next
        }
        return PlanTotal(
          direction: direction, amount: Money(minorUnits: sum, currency: key.currency), count: group.count)
      }
    }
  }

  /// The total as documents and `--json` have it: `{direction, fen, currency, effects}`.
  public var json: JSON {
    [
      "direction": .string(direction.rawValue), "fen": .integer(amount.minorUnits),
      "currency": .string(amount.currency), "effects": .integer(Int64(count)),
    ]
  }
}
