internal import JSON

extension StoreReader {
  static let effectColumns = """
    e.id, e.path, e.operation, e.digest, e.state, e.attempt, e.intended, e.changed, e.minor_units, e.currency,
    e.direction, e.subjects, e.detail, e.arguments, e.answer
    """
  static let approvalColumns = """
    a.id, a.path, a.title, a.digest, a.asked, a.expires, a.state, a.by, a.why, a.decided, a.items
    """

  func effect(_ row: Columns, of run: RunID) throws -> EffectRecord {
    let path = try row.path(1)
    func place(_ kind: PayloadPlace.Kind) -> PayloadPlace { PayloadPlace(owner: run.text, path: path, kind: kind) }
    var charge: Charge?
    if let units = row.integerOrNil(8) {
      charge = Charge(
        minorUnits: units, currency: row.text(9), direction: try Charge.Direction(code: row.integer(10)))
    }
    let subjects = try row.textOrNil(11).map { try Payloads.parse(Array($0.utf8), place(.arguments)) }
    var effect = EffectRecord(
      run: run, path: path, operation: try word(row.integer(2)),
      arguments: try payloads.json(row.bytes(13), place(.arguments)), digest: row.digest(3),
      claims: try claims(
        "SELECT profile, kind, resource FROM claims WHERE effect = ? ORDER BY ordinal", row.integer(0)),
      subjects: subjects?.array?.compactMap(\.string) ?? [], charge: charge, instant: row.integer(6))
    effect.state = try EffectState(code: row.integer(4))
    effect.attempt = Int(row.integer(5))
    effect.changed = row.integer(7)
    effect.detail = row.textOrNil(12)
    effect.answer = try payloads.json(row.bytesOrNil(14), place(.answer))
    return effect
  }

  private func claims(_ sql: String, _ owner: Int64) throws -> [ClaimKey] {
    try connection.all(sql, .integer(owner)) { row in
      ClaimKey(profile: try word(row.integer(0)), kind: try word(row.integer(1)), id: row.text(2))
    }
  }

  func effects(_ filter: EffectFilter) throws -> [EffectRecord] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    if let run = filter.run {
      conditions.append("r.name = ?")
      values.append(.text(run.text))
    }
    if filter.unsettled { conditions.append(Self.isLive) }
    if let resource = filter.resource {
      conditions.append("e.id IN (SELECT effect FROM claims WHERE resource = ?)")
      values.append(.text(resource))
    }
    return try connection.all(
      """
      SELECT \(Self.effectColumns), r.name FROM effects e JOIN runs r ON r.id = e.run \(Self.clause(conditions))
      ORDER BY e.intended DESC, e.run DESC, e.path DESC LIMIT \(max(filter.limit, 0))
      """, list: values
    ) { try effect($0, of: RunID($0.text(15))) }
  }

  /// The live states, as the index on them says it.
  static let isLive = "e.state IN (0, 1, 5, 7)"

  // MARK: Questions

  func approval(_ row: Columns, of run: RunID) throws -> Approval {
    let path = try row.path(1)
    return Approval(
      id: "A\(row.integer(0))", run: run, path: path, title: row.text(2),
      items: try payloads.json(row.bytes(10), PayloadPlace(owner: run.text, path: path, kind: .question)),
      digest: row.digest(3),
      claims: try claims(
        "SELECT profile, kind, resource FROM approval_claims WHERE approval = ? ORDER BY ordinal", row.integer(0)),
      asked: row.integer(4), expires: row.integer(5), state: try Approval.State(code: row.integer(6)),
      by: row.textOrNil(7), why: row.textOrNil(8), decided: row.integerOrNil(9))
  }

  func approval(_ number: Int64) throws -> Approval? {
    try connection.first(
      "SELECT \(Self.approvalColumns), r.name FROM approvals a JOIN runs r ON r.id = a.run WHERE a.id = ?",
      .integer(number)
    ) { try approval($0, of: RunID($0.text(11))) }
  }

  /// The number behind a question's name; nil where that is no name.
  static func number(ofApproval id: String) -> Int64? {
    guard id.first == "A", let number = Int64(id.dropFirst()), "A\(number)" == id else { return nil }
    return number
  }

  func approvals(_ filter: ApprovalFilter) throws -> [Approval] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    if let id = filter.id {
      guard let number = Self.number(ofApproval: id) else { return [] }
      conditions.append("a.id = ?")
      values.append(.integer(number))
    }
    if let run = filter.run {
      conditions.append("r.name = ?")
      values.append(.text(run.text))
    }
    if let states = filter.states {
      // A pending one whose time is over reads as expired.
      let now = filter.at.map(String.init) ?? "NULL"
      let read = "CASE WHEN a.state = 0 AND a.expires <= \(now) THEN \(Approval.State.expired.code) ELSE a.state END"
      conditions.append("\(read) IN (\(states.map { String($0.code) }.sorted().joined(separator: ", ")))")
    }
    return try connection.all(
      """
      SELECT \(Self.approvalColumns), r.name FROM approvals a JOIN runs r ON r.id = a.run \(Self.clause(conditions))
      ORDER BY a.id DESC LIMIT \(max(filter.limit, 0))
      """, list: values
    ) { try approval($0, of: RunID($0.text(11))).read(at: filter.at) }
  }
}
