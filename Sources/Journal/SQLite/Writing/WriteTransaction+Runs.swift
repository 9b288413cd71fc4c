internal import Crypto
internal import JSON

/// Versions, starts and leases.
extension WriteTransaction {
  func keep(_ version: PlaybookVersion) throws {
    let now = now()
    let kept = try connection.first("SELECT kept FROM versions WHERE name = ?", .text(version.id)) { $0.integer(0) }
    if let kept {
      // What was kept of late is not taken away before a run is started on it.
      guard abs(now - kept) > Retention.day / 24 else { return }
      try connection.run("UPDATE versions SET kept = ? WHERE name = ?", .integer(now), .text(version.id))
      return
    }
    try connection.run(
      "INSERT INTO versions (name, catalogue, kept) VALUES (?, ?, ?)", .text(version.id), .text(version.catalogue),
      .integer(now))
    let number = connection.lastID
    for (ordinal, file) in version.files.enumerated() {
      try connection.run(
        "INSERT INTO version_files (version, ordinal, name, path, file) VALUES (?, ?, ?, ?, ?)", .integer(number),
        .integer(Int64(ordinal)), .text(file.name), .text(file.path), .integer(try keep(file.bytes)))
    }
  }

  /// The same text is kept once, however many versions have it.
  private func keep(_ bytes: [UInt8]) throws -> Int64 {
    let digest = SQLValue.bytes(Array(SHA256.hash(data: bytes)))
    if let known = try connection.first("SELECT id FROM files WHERE digest = ?", digest, read: { $0.integer(0) }) {
      return known
    }
    try connection.run("INSERT INTO files (digest, bytes) VALUES (?, ?)", digest, .bytes(bytes))
    return connection.lastID
  }

  func keep(_ plan: PlanRecord) throws {
    guard try !connection.exists("SELECT 1 FROM plans WHERE digest = ?", .text(plan.digest)) else { return }
    let place = PayloadPlace(owner: plan.digest, kind: .plan)
    try connection.run(
      "INSERT INTO plans (digest, created, expires, applied_by, document) VALUES (?, ?, ?, ?, ?)", .text(plan.digest),
      .integer(plan.created), .integer(plan.expires), SQLValue(plan.appliedBy?.text),
      try payloads.seal(plan.document, place))
  }

  // MARK: Starting

  func start(
    _ run: RunRecord, requiring conditions: [StartCondition], heldBy holder: LeaseRequest?
  ) throws -> StartOutcome {
    guard try !connection.exists("SELECT 1 FROM runs WHERE name = ?", .text(run.id.text)) else { return .exists }
    for condition in conditions where try !isMet(condition) { return .refused(condition) }
    for case .unapplied(let plan, _) in conditions {
      try connection.run("UPDATE plans SET applied_by = ? WHERE digest = ?", .text(run.id.text), .text(plan))
    }
    func place(_ kind: PayloadPlace.Kind) -> PayloadPlace { PayloadPlace(owner: run.id.text, kind: kind) }
    let input = Frames.joined([run.parameters.bytes(), run.event.bytes(), run.tags.bytes(), run.guards.bytes()])
    let epoch: Int64 = holder == nil ? 0 : 1
    let expires = holder.map { $0.instant + $0.length }
    let profile = try word(run.profile)
    try connection.run(
      """
      INSERT INTO runs (name, playbook, version, profile, zone, trigger, by, started, status, waiting_for, wake, ended,
        epoch, worker, expires, input, result, failure, in_turn, plans)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .text(run.id.text), .integer(try word(run.playbook)), .integer(try word(run.version)), .integer(profile),
      .integer(try word(run.zone)), .integer(run.trigger.code), .text(run.by), .integer(run.started),
      .integer(run.status.code), SQLValue(run.status.waitCode), SQLValue(run.wake), SQLValue(run.ended),
      .integer(epoch), SQLValue(holder?.worker), SQLValue(expires), try payloads.seal(input, place(.input)),
      try payloads.seal(run.result, place(.result)), try payloads.seal(run.failure, place(.failure)),
      .integer(run.isInTurn ? 1 : 0), .integer(run.plansOnly ? 1 : 0))
    let row = RunRow(
      number: connection.lastID, id: run.id, profile: profile, epoch: epoch, worker: holder?.worker,
      expires: expires ?? 0, status: run.status)
    try announce(row, run.status)
    return .started(row.lease(doubtSince: try doubtSince()))
  }

  private func isMet(_ condition: StartCondition) throws -> Bool {
    switch condition {
    case .noLiveRun(let playbook, let profile):
      try !connection.exists(
        "SELECT 1 FROM runs WHERE status < 4 AND playbook = ? AND profile = ?", .integer(try word(playbook)),
        .integer(try word(profile)))
    case .unapplied(let digest, let instant):
      try connection.exists(
        "SELECT 1 FROM plans WHERE digest = ? AND applied_by IS NULL AND expires > ?", .text(digest), .integer(instant))
    }
  }

  // MARK: Leases

  func acquire(_ id: RunID, _ request: LeaseRequest, displacing displaced: String?) throws -> Lease? {
    var run = try run(id)
    if run.status == .queued, try reader.waitsItsTurn(run.number) { return nil }
    if run.isHeld(at: request.instant), run.worker != request.worker, run.worker != displaced { return nil }
    run.epoch += 1
    run.worker = request.worker
    run.expires = request.instant + request.length
    try connection.run(
      "UPDATE runs SET epoch = ?, worker = ?, expires = ?, woken = NULL WHERE id = ?", .integer(run.epoch),
      .text(request.worker),
      .integer(run.expires), .integer(run.number))
    return run.lease(doubtSince: try doubtSince())
  }

  func renew(_ lease: Lease, at instant: Milliseconds, for length: Milliseconds) throws -> Renewal? {
    var run = try run(lease.run)
    guard run.epoch == Int64(lease.epoch), run.worker != nil else { return nil }
    run.expires = instant + length
    try connection.run("UPDATE runs SET expires = ? WHERE id = ?", .integer(run.expires), .integer(run.number))
    let renewed = Lease(
      run: lease.run, worker: lease.worker, epoch: lease.epoch, expires: run.expires, doubtSince: try doubtSince())
    return Renewal(lease: renewed, request: run.request)
  }

  func release(_ lease: Lease) throws {
    let run = try run(lease.run)
    guard run.epoch == Int64(lease.epoch) else { return }
    try connection.run("UPDATE runs SET worker = NULL, expires = NULL WHERE id = ?", .integer(run.number))
  }
}
