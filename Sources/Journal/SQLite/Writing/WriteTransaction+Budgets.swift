/// What the writes of a scope have used: their number and the money by currency and direction are kept as sums, and
/// which write was charged to which scopes beside them, to give back and to check.
extension WriteTransaction {
  /// The first cap under which the write does not fit; a sum that leaves 64 bits never does.
  func refusal(of effect: EffectRecord, within caps: [Budget], at instant: Milliseconds) throws -> EntryOutcome? {
    for cap in caps {
      let use = try reader.use(of: cap)
      guard !admits(effect, under: cap, use, at: instant) else { continue }
      return .overBudget(cap, used: use)
    }
    return nil
  }

  private func admits(_ effect: EffectRecord, under cap: Budget, _ use: BudgetUse, at instant: Milliseconds) -> Bool {
    if let most = cap.writes, use.writes >= most { return false }
    if let every = cap.every, let latest = use.latest, instant - latest < every { return false }
    guard let most = cap.amount, let charge = effect.charge, charge.direction == most.direction else { return true }
    guard charge.currency == most.currency else { return false }
    let (sum, overflow) = use.amount.addingReportingOverflow(charge.minorUnits)
    return !overflow && sum <= most.minorUnits
  }

  // MARK: Charging

  func charge(_ number: Int64, _ effect: EffectRecord, to scopes: Set<String>, at instant: Milliseconds) throws {
    for text in scopes.sorted() {
      var scope = try reader.scope(text)
      if scope == nil {
        try connection.run("INSERT INTO scopes (text) VALUES (?)", .text(text))
        scope = connection.lastID
      }
      guard let scope else { continue }
      try connection.run(
        "INSERT INTO charges (effect, scope, instant) VALUES (?, ?, ?)", .integer(number), .integer(scope),
        .integer(instant))
      try add(effect.charge, to: scope, times: 1)
    }
  }

  func giveBack(_ number: Int64) throws {
    let charge = try connection.first(
      "SELECT minor_units, currency, direction FROM effects WHERE id = ?", .integer(number)
    ) { row in
      row.isNull(0)
        ? nil
        : Charge(
          minorUnits: row.integer(0), currency: row.text(1), direction: try Charge.Direction(code: row.integer(2)))
    }
    let scopes = try connection.all("SELECT scope FROM charges WHERE effect = ?", .integer(number)) { $0.integer(0) }
    for scope in scopes { try add(charge ?? nil, to: scope, times: -1) }
    try connection.run("DELETE FROM charges WHERE effect = ?", .integer(number))
  }

  private func add(_ charge: Charge?, to scope: Int64, times sign: Int64) throws {
    try add(sign, to: scope, StoreReader.writes.currency, StoreReader.writes.direction)
    guard let charge else { return }
    try add(sign &* charge.minorUnits, to: scope, charge.currency, charge.direction.code)
  }

  /// Wraps around beyond 64 bits, where only a scope without a cap gets, and back when it is given back: SQLite itself
  /// would go on in floating point.
  private func add(_ amount: Int64, to scope: Int64, _ currency: String, _ direction: Int64) throws {
    let sum = try reader.used(scope, currency, direction) &+ amount
    try connection.run(
      """
      INSERT INTO budgets (scope, currency, direction, used) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (scope, currency, direction) DO UPDATE SET used = ?4
      """, .integer(scope), .text(currency), .integer(direction), .integer(sum))
  }
}
