internal import JSON

extension WriteTransaction {
  /// Announces a write; answers why it is refused.
  func announce(
    _ effect: EffectRecord, within caps: [Budget], _ approval: String?, of run: RunRow, at instant: Milliseconds
  ) throws -> EntryOutcome? {
    let known = try connection.first(
      "SELECT id, state, attempt FROM effects WHERE run = ? AND path = ?", .integer(run.number), SQLValue(effect.path)
    ) { row in (number: row.integer(0), state: try EffectState(code: row.integer(1)), attempt: Int(row.integer(2))) }
    if let known, known.state != .notDone || effect.attempt != known.attempt + 1 {
      return .conflict("a write is announced at \(effect.path) already")
    }
    if let refusal = try refusal(of: effect, of: run, at: instant) { return refusal }
    if let approval {
      let asked = try question(approval, of: run)
      guard let asked, asked.path == effect.path, asked.state == .approved else {
        return .unapproved(asked?.path == effect.path ? asked : nil)
      }
    }
    if let refusal = try refusal(of: effect, within: caps, at: instant) { return refusal }
    let number = try insert(effect, over: known?.number, of: run)
    try charge(number, effect, to: Set(caps.map(\.scope)), at: instant)
    try announce(run, effect.path, .intended)
    return nil
  }

  /// Brings an effect into its next state; answers why that cannot be.
  func settle(
    _ path: StepPath, _ state: EffectState, _ detail: String?, _ answer: JSON?, of run: RunRow, at instant: Milliseconds
  ) throws -> EntryOutcome? {
    guard let (number, was) = try effect(at: path, of: run) else {
      return .conflict("no write was announced at \(path)")
    }
    // Announcing again is an intent of its own: it takes the claims and budgets anew.
    guard state != .intended, was.canBecome(state) else {
      return .conflict("an effect that is \(was.rawValue) cannot become \(state.rawValue)")
    }
    try finish(number, path, was: was, as: state, detail, answer, of: run, at: instant)
    return nil
  }

  func effect(at path: StepPath, of run: RunRow) throws -> (number: Int64, state: EffectState)? {
    try connection.first(
      "SELECT id, state FROM effects WHERE run = ? AND path = ?", .integer(run.number), SQLValue(path)
    ) { row in (row.integer(0), try EffectState(code: row.integer(1))) }
  }

  /// Brings an effect into a state, whatever it was before.
  func finish(
    _ number: Int64, _ path: StepPath, was: EffectState, as state: EffectState, _ detail: String?, _ answer: JSON?,
    of run: RunRow, at instant: Milliseconds
  ) throws {
    let place = PayloadPlace(owner: run.id.text, path: path, kind: .answer)
    try connection.run(
      "UPDATE effects SET state = ?, detail = ?, answer = coalesce(?, answer), changed = ? WHERE id = ?",
      .integer(state.code), SQLValue(detail), try payloads.seal(answer, place), .integer(instant), .integer(number))
    // What was not live gave its claims back already; another effect may have them by now.
    if was.isLive, !state.isLive {
      try connection.run("UPDATE claims SET live = 0 WHERE effect = ?", .integer(number))
      if state != .confirmed { try giveBack(number) }
    }
    try announce(run, path, state)
  }

  // MARK: What stands against a write

  private func refusal(of effect: EffectRecord, of run: RunRow, at instant: Milliseconds) throws -> EntryOutcome? {
    let profile = try reader.word(run.profile)
    if let freeze = try reader.freezes().first(where: { $0.profile == nil || $0.profile == profile }) {
      return .frozen(freeze)
    }
    if let hold = try hold(on: effect, of: profile, at: instant) { return .held(hold) }
    for claim in effect.claims {
      if let holder = try holder(of: claim) { return .claimed(claim, by: holder) }
    }
    return try question(about: effect.claims, beside: run, effect.path, at: instant).map(EntryOutcome.awaiting)
  }

  /// The earliest hold on what a write touches.
  private func hold(on effect: EffectRecord, of profile: String, at instant: Milliseconds) throws -> Hold? {
    guard try connection.exists("SELECT 1 FROM holds") else { return nil }
    var earliest: (number: Int64, hold: Hold)?
    for subject in Set(effect.subjects).union(effect.claims.map(\.id)) {
      let found = try connection.first(
        """
        SELECT \(StoreReader.holdColumns), id FROM holds
        WHERE subject = ? AND (profile IS NULL OR profile = ?) AND (until IS NULL OR until > ?) ORDER BY id
        """, .text(subject), .text(profile), .integer(instant)
      ) { (number: $0.integer(6), hold: reader.hold($0)) }
      if let found, found.number < earliest?.number ?? .max { earliest = found }
    }
    return earliest?.hold
  }

  private func holder(of claim: ClaimKey) throws -> RunID? {
    try connection.first(
      """
      SELECT r.name FROM claims c JOIN effects e ON e.id = c.effect JOIN runs r ON r.id = e.run
      WHERE c.resource = ? AND c.kind = ? AND c.profile = ? AND c.live = 1
      """, .text(claim.id), .integer(try word(claim.kind)), .integer(try word(claim.profile))
    ) { RunID($0.text(0)) }
  }

  // MARK: Recording

  private func insert(_ effect: EffectRecord, over known: Int64?, of run: RunRow) throws -> Int64 {
    func place(_ kind: PayloadPlace.Kind) -> PayloadPlace {
      PayloadPlace(owner: run.id.text, path: effect.path, kind: kind)
    }
    if let known {
      try connection.run("DELETE FROM claims WHERE effect = ?", .integer(known))
      try connection.run("DELETE FROM charges WHERE effect = ?", .integer(known))
    }
    let subjects = effect.subjects.isEmpty ? nil : JSON.array(effect.subjects.map(JSON.string)).text()
    try connection.run(
      """
      INSERT OR REPLACE INTO effects (id, run, path, operation, digest, state, attempt, intended, changed, minor_units,
        currency, direction, subjects, detail, arguments, answer)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, SQLValue(known), .integer(run.number), SQLValue(effect.path), .integer(try word(effect.operation)),
      Digests.value(effect.digest), .integer(effect.state.code), .integer(Int64(effect.attempt)),
      .integer(effect.intended), .integer(effect.changed), SQLValue(effect.charge?.minorUnits),
      SQLValue(effect.charge?.currency), SQLValue(effect.charge?.direction.code), SQLValue(subjects),
      SQLValue(effect.detail), try payloads.seal(effect.arguments, place(.arguments)),
      try payloads.seal(effect.answer, place(.answer)))
    let number = known ?? connection.lastID
    var seen: Set<ClaimKey> = []
    for (ordinal, claim) in effect.claims.enumerated() {
      // The same claim twice is one claim.
      let isLive = effect.state.isLive && seen.insert(claim).inserted
      try connection.run(
        "INSERT INTO claims (effect, ordinal, profile, kind, resource, live) VALUES (?, ?, ?, ?, ?, ?)",
        .integer(number), .integer(Int64(ordinal)), .integer(try word(claim.profile)), .integer(try word(claim.kind)),
        .text(claim.id), .integer(isLive ? 1 : 0))
    }
    return number
  }
}
