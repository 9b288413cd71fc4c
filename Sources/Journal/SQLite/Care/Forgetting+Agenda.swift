internal import Crypto
internal import JSON

/// What no run has: events as they came, and what playbooks remember.
extension Forgetting {
  /// The events that speak of the subject, by their rows.
  func touchedEvents() throws -> [Int64] {
    try reader.connection.all("SELECT id, name, envelope FROM events ORDER BY id") { row -> Int64? in
      holds(try reader.payloads.open(row.bytes(2), PayloadPlace(owner: row.text(1), kind: .event)))
        ? row.integer(0) : nil
    }.compactMap(\.self)
  }

  /// The values that speak of the subject or are kept under its id, by their rows.
  func touchedState() throws -> [Int64] {
    try reader.connection.all(
      "SELECT id, playbook, profile, namespace, name, value FROM state WHERE namespace = '' ORDER BY id"
    ) { row -> Int64? in
      let place = try place(of: row)
      let isTouched = holds(Array(row.text(4).utf8)) ? true : holds(try reader.payloads.open(row.bytes(5), place))
      return isTouched ? row.integer(0) : nil
    }.compactMap(\.self)
  }

  /// - Returns: how many were changed.
  func eraseEvents(_ rows: [Int64]) throws -> Int {
    var changed = 0
    for row in rows {
      let event = try reader.connection.first("SELECT name, kind, envelope FROM events WHERE id = ?", .integer(row)) {
        (name: $0.text(0), kind: $0.integerOrNil(1), sealed: $0.bytes(2))
      }
      guard let event else { continue }
      let place = PayloadPlace(owner: event.name, kind: .event)
      let envelope = try reader.payloads.json(event.sealed, place)
      let kind = try event.kind.map(reader.word)
      guard let erased = erased(envelope, of: kind) else { continue }
      // A digest of what was erased would let a phone number be found by trying them all.
      let random = SymmetricKey(size: .bits256).withUnsafeBytes { Digests.text(Array($0)) }
      try reader.connection.run(
        "UPDATE events SET envelope = ?, digest = ? WHERE id = ?", try reader.payloads.seal(erased, place),
        .text(random), .integer(row))
      changed += 1
    }
    return changed
  }

  private func erased(_ envelope: JSON, of kind: String?) -> JSON? {
    var pointers = personal.personal(inWork: envelope)
    for name in ["messageBody", "data"] {
      guard let kind, let body = envelope[name] else { continue }
      pointers += personal.personal(inAnswer: body, of: kind).map { JSONPointer(tokens: [name] + $0.tokens) }
    }
    return eraser.erased(envelope, personal: pointers)
  }

  /// - Returns: how many were changed.
  func eraseState(_ rows: [Int64]) throws -> Int {
    var changed = 0
    for row in rows {
      let entry = try reader.connection.first(
        "SELECT id, playbook, profile, namespace, name, value FROM state WHERE id = ?", .integer(row)
      ) { (name: $0.text(4), place: try place(of: $0), sealed: $0.bytes(5)) }
      guard let entry else { continue }
      let value = try reader.payloads.json(entry.sealed, entry.place)
      // What is kept under an id is about it, whether or not it says so.
      let own = holds(Array(entry.name.utf8))
      let work: JSON = own ? ["id": .string(eraser.subject), "value": value] : value
      guard let erased = eraser.erased(work, personal: personal.personal(inWork: work)) else { continue }
      let rest = own ? erased["value"] ?? .null : erased
      try reader.connection.run(
        "UPDATE state SET value = ? WHERE id = ?", try reader.payloads.seal(rest, entry.place), .integer(row))
      changed += 1
    }
    return changed
  }

  private func place(of row: Columns) throws -> PayloadPlace {
    let scope = StateScope(playbook: try reader.word(row.integer(1)), profile: try reader.word(row.integer(2)))
    let namespace = row.text(3)
    return PayloadPlace(StateKey(row.text(4), in: namespace.isEmpty ? nil : namespace, of: scope))
  }
}
