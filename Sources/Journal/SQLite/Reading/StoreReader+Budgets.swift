/// What the writes of a scope have used.
extension StoreReader {
  /// The sum that counts writes; no currency has this name.
  static let writes = (currency: "", direction: Int64(-1))

  func use(of cap: Budget) throws -> BudgetUse {
    guard let scope = try scope(cap.scope) else { return BudgetUse(writes: 0) }
    let amount = try cap.amount.map { try used(scope, $0.currency, $0.direction.code) }
    let latest = try connection.first(
      "SELECT max(instant) FROM charges WHERE scope = ?", .integer(scope)
    ) { $0.integerOrNil(0) }
    return BudgetUse(
      writes: Int(try used(scope, Self.writes.currency, Self.writes.direction)), amount: amount ?? 0,
      latest: latest ?? nil)
  }

  func used(_ scope: Int64, _ currency: String, _ direction: Int64) throws -> Int64 {
    try connection.first(
      "SELECT used FROM budgets WHERE scope = ? AND currency = ? AND direction = ?", .integer(scope), .text(currency),
      .integer(direction)
    ) { $0.integer(0) } ?? 0
  }

  func scope(_ text: String) throws -> Int64? {
    try connection.first("SELECT id FROM scopes WHERE text = ?", .text(text)) { $0.integer(0) }
  }
}
