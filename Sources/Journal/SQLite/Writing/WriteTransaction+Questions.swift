extension WriteTransaction {
  func ask(_ request: ApprovalRequest, of run: RunRow, at instant: Milliseconds) throws -> EntryOutcome {
    guard !run.status.isFinal else { return .conflict("a run that is over asks nothing") }
    let pending = try connection.first(
      "SELECT \(StoreReader.approvalColumns) FROM approvals a WHERE a.run = ? AND a.path = ? AND a.state = 0",
      .integer(run.number), SQLValue(request.path)
    ) { (number: $0.integer(0), approval: try reader.approval($0, of: run.id)) }
    if let pending {
      // The same question again is a repeated commit.
      if pending.approval.digest == request.digest { return .asked(pending.approval) }
      try setState(.superseded, of: pending.number)
    }
    if let other = try question(about: request.claims, beside: run, request.path, at: instant) {
      return .awaiting(other)
    }
    let place = PayloadPlace(owner: run.id.text, path: request.path, kind: .question)
    try connection.run(
      """
      INSERT INTO approvals (run, path, title, digest, asked, expires, state, items) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, .integer(run.number), SQLValue(request.path), .text(request.title), Digests.value(request.digest),
      .integer(instant), .integer(request.expires), .integer(Approval.State.pending.code),
      try payloads.seal(request.items, place))
    let number = connection.lastID
    for (ordinal, claim) in request.claims.enumerated() {
      try connection.run(
        "INSERT INTO approval_claims (approval, ordinal, profile, kind, resource) VALUES (?, ?, ?, ?, ?)",
        .integer(number), .integer(Int64(ordinal)), .integer(try word(claim.profile)), .integer(try word(claim.kind)),
        .text(claim.id))
    }
    return .asked(
      Approval(
        id: "A\(number)", run: run.id, path: request.path, title: request.title, items: request.items,
        digest: request.digest, claims: request.claims, asked: instant, expires: request.expires))
  }

  /// The earliest question of another step that touches the same and may still be answered.
  func question(
    about claims: [ClaimKey], beside run: RunRow, _ path: StepPath, at instant: Milliseconds
  ) throws -> Approval? {
    var earliest: Int64?
    for claim in claims {
      let found = try connection.first(
        """
        SELECT min(a.id) FROM approval_claims c JOIN approvals a ON a.id = c.approval
        WHERE c.resource = ? AND c.kind = ? AND c.profile = ? AND a.state = 0 AND a.expires > ?
          AND NOT (a.run = ? AND a.path = ?)
        """, .text(claim.id), .integer(try word(claim.kind)), .integer(try word(claim.profile)), .integer(instant),
        .integer(run.number), SQLValue(path)
      ) { $0.integerOrNil(0) }
      if let found = found ?? nil { earliest = min(earliest ?? found, found) }
    }
    return try earliest.flatMap(reader.approval)
  }

  /// That question, where the run asked it.
  func question(_ id: String, of run: RunRow) throws -> Approval? {
    guard let number = StoreReader.number(ofApproval: id) else { return nil }
    let approval = try reader.approval(number)
    return approval?.run == run.id ? approval : nil
  }

  /// Ends a question that is in that state, and says how it stands.
  func end(
    _ id: String, of run: RunRow, from state: Approval.State, as next: Approval.State, at instant: Milliseconds
  ) throws -> EntryOutcome {
    guard var approval = try question(id, of: run), let number = StoreReader.number(ofApproval: id) else {
      return .conflict("\(id) is no question of this run")
    }
    let isOver = next != .expired || instant >= approval.expires
    if approval.state == state, isOver {
      approval.state = next
      try setState(next, of: number)
    }
    return .asked(approval)
  }

  func dropQuestions(of run: RunRow) throws {
    try connection.run(
      "UPDATE approvals SET state = ? WHERE run = ? AND state = 0", .integer(Approval.State.superseded.code),
      .integer(run.number))
  }

  func setState(_ state: Approval.State, of number: Int64) throws {
    try connection.run("UPDATE approvals SET state = ? WHERE id = ?", .integer(state.code), .integer(number))
  }
}
