/// What people decide.
extension WriteTransaction {
  func settle(
    _ id: RunID, _ path: StepPath, as state: EffectState, _ signature: Signature
  ) throws -> SettleOutcome {
    guard let run = try findRun(id), let (number, was) = try effect(at: path, of: run) else { return .unknownEffect }
    func record() throws -> EffectRecord? {
      try connection.first(
        "SELECT \(StoreReader.effectColumns) FROM effects e WHERE e.id = ?", .integer(number)
      ) { try reader.effect($0, of: id) }
    }
    guard let before = try record() else { return .unknownEffect }
    guard was.isLive else { return .isSettled(before) }
    if run.isHeld(at: signature.instant), let lease = run.lease(doubtSince: try doubtSince()) { return .isHeld(lease) }
    try finish(number, path, was: was, as: state, signature.why, nil, of: run, at: signature.instant)
    guard let settled = try record() else { return .unknownEffect }
    try note(.settled(settled, was: was, signature))
    try comeDue(run, at: signature.instant)
    return .settled(settled)
  }

  func decide(_ id: String, showing digest: String, approve: Bool, _ signature: Signature) throws -> DecideOutcome {
    guard let number = StoreReader.number(ofApproval: id), var approval = try reader.approval(number) else {
      return .unknownApproval
    }
    if approval.state == .pending, approval.expires <= signature.instant {
      approval.state = .expired
      try setState(.expired, of: number)
      try comeDue(try run(approval.run), at: signature.instant)
    }
    guard approval.state == .pending else { return .isOver(approval) }
    guard approval.digest == digest else { return .changed(approval) }
    let decided = approval.decided(approve: approve, signature)
    try connection.run(
      "UPDATE approvals SET state = ?, by = ?, why = ?, decided = ? WHERE id = ?", .integer(decided.state.code),
      SQLValue(decided.by), SQLValue(decided.why), SQLValue(decided.decided), .integer(number))
    try note(.decided(decided, signature))
    try comeDue(try run(approval.run), at: signature.instant)
    return .decided(decided)
  }

  func request(_ request: RunRequest, of id: RunID, _ signature: Signature) throws -> Bool {
    var run = try run(id)
    guard !run.status.isFinal else { return false }
    try setRequest(request, of: run)
    try note(.requested(request, of: id, signature))
    guard !run.isHeld(at: signature.instant) else { return true }
    try comeDue(run, at: signature.instant)
    if run.status == .paused, request == .cancel { try queue(&run) }
    return true
  }

  func wake(_ id: RunID, _ signature: Signature) throws -> Bool {
    var run = try run(id)
    guard !run.isHeld(at: signature.instant) else { return false }
    switch run.status {
    case .succeeded, .failed, .cancelled: return false
    case .queued, .running: break
    case .waiting: try comeDue(run, at: signature.instant)
    case .paused, .diverged: try queue(&run)
    }
    if run.request == .pause { try setRequest(nil, of: run) }
    try note(.woken(id, signature))
    return true
  }

  func setRequest(_ request: RunRequest?, of run: RunRow) throws {
    try connection.run("UPDATE runs SET request = ? WHERE id = ?", SQLValue(request?.code), .integer(run.number))
  }

  // MARK: Holds and freezes

  func hold(_ hold: Hold) throws {
    try connection.run(
      "DELETE FROM holds WHERE subject = ? AND profile IS ?", .text(hold.subject), SQLValue(hold.profile))
    try connection.run(
      "INSERT INTO holds (subject, profile, why, by, since, until) VALUES (?, ?, ?, ?, ?, ?)", .text(hold.subject),
      SQLValue(hold.profile), .text(hold.why), .text(hold.by), .integer(hold.since), SQLValue(hold.until))
    try note(.held(hold))
  }

  func release(_ subject: String, profile: String?, _ signature: Signature) throws -> Bool {
    let hold = try connection.first(
      "SELECT \(StoreReader.holdColumns) FROM holds WHERE subject = ? AND profile IS ?", .text(subject),
      SQLValue(profile), read: reader.hold)
    guard let hold else { return false }
    try connection.run("DELETE FROM holds WHERE subject = ? AND profile IS ?", .text(subject), SQLValue(profile))
    guard hold.holds(at: signature.instant) else { return false }
    try note(.released(subject, signature))
    return true
  }

  func freeze(_ freeze: Freeze) throws {
    try connection.run("DELETE FROM freezes WHERE profile IS ?", SQLValue(freeze.profile))
    try connection.run(
      "INSERT INTO freezes (profile, why, by, since) VALUES (?, ?, ?, ?)", SQLValue(freeze.profile),
      SQLValue(freeze.why), .text(freeze.by), .integer(freeze.since))
    try note(.frozen(freeze))
  }

  func thaw(profile: String?, _ signature: Signature) throws -> Bool {
    try connection.run("DELETE FROM freezes WHERE profile IS ?", SQLValue(profile))
    guard connection.changed > 0 else { return false }
    try note(.thawed(profile, signature))
    return true
  }
}
