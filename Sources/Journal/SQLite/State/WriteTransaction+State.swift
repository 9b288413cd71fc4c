internal import JSON

/// What playbooks remember.
extension WriteTransaction {
  func answer(_ step: StoreStep, by run: RunID, at instant: Milliseconds) throws -> Step {
    switch step.request {
    case .get(let name):
      return step.answered(try reader.remembered(StateKey(name, of: step.scope)).map { [$0.value] } ?? [])
    case .set(let name, let value):
      let entry = StateEntry(StateKey(name, of: step.scope), value: value, changed: instant, by: run.text)
      return try keep(entry) ? step.answered([]) : step.refused
    case .delete(let name):
      let filter = StateFilter(StateKey(name, of: step.scope))
      return step.answered([.bool(try remove(filter) > 0)])
    case .claim(let name, let namespace, let owner):
      let key = StateKey(name, in: namespace, of: step.scope)
      if let held = try reader.remembered(key) { return step.answered([held.value]) }
      let entry = StateEntry(key, value: .string(owner), changed: instant, by: run.text)
      return try keep(entry) ? step.answered([.string(owner)]) : step.refused
    case .keys(let prefix):
      let names = try reader.names(StateFilter(of: step.scope, prefix: prefix))
      return step.answered([.array(names.map(JSON.string))])
    case .raise(let event, let since):
      return step.answered([.string(try raise(event, since: since).rawValue), .string(event.key)])
    }
  }

  /// - Returns: false where the playbook has as many as it may.
  private func keep(_ entry: StateEntry) throws -> Bool {
    let key = entry.key
    let (playbook, profile) = (try word(key.scope.playbook), try word(key.scope.profile))
    let namespace = key.namespace ?? ""
    let value = try payloads.seal(entry.value, PayloadPlace(key))
    try connection.run(
      """
      UPDATE state SET value = ?, changed = ?, by = ? WHERE playbook = ? AND profile = ? AND namespace = ? AND name = ?
      """, value, .integer(entry.changed), .text(entry.by), .integer(playbook), .integer(profile), .text(namespace),
      .text(key.name))
    if connection.changed > 0 { return true }
    let count = try connection.first(
      """
      SELECT count(*) FROM state
      WHERE playbook = ? AND profile = ? AND namespace \(key.namespace == nil ? "=" : ">") ''
      """, .integer(playbook), .integer(profile)
    ) { Int($0.integer(0)) }
    guard count ?? 0 < (key.namespace == nil ? StateLimit.values : StateLimit.claims) else { return false }
    try connection.run(
      "INSERT INTO state (playbook, profile, namespace, name, changed, by, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
      .integer(playbook), .integer(profile), .text(namespace), .text(key.name), .integer(entry.changed),
      .text(entry.by), value)
    return true
  }

  private func remove(_ filter: StateFilter) throws -> Int {
    let (clause, values) = StoreReader.clause(of: filter)
    try connection.run("DELETE FROM state \(clause)", list: values)
    return connection.changed
  }

  func set(_ key: StateKey, to value: JSON, _ signature: Signature) throws -> Bool {
    guard try keep(StateEntry(key, value: value, changed: signature.instant, by: signature.by)) else { return false }
    try note(.remembered(key, signature))
    return true
  }

  func forget(_ filter: StateFilter, _ signature: Signature) throws -> Int {
    let count = try remove(filter)
    if count > 0 { try note(.forgot(filter, count, signature)) }
    return count
  }
}

extension PayloadPlace {
  /// Where what is remembered under a key is sealed.
  init(_ key: StateKey) {
    let parts = [key.scope.playbook, key.scope.profile, key.namespace ?? "", key.name]
    // As JSON, so that no two keys give the same.
    self.init(owner: JSON.array(parts.map(JSON.string)).text(.canonical), kind: .state)
  }
}
