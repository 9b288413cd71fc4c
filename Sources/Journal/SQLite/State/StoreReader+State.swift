internal import JSON

extension StoreReader {
  func state(_ filter: StateFilter) throws -> [StateEntry] {
    let (clause, values) = Self.clause(of: filter)
    return try connection.all(
      "SELECT playbook, profile, namespace, name, changed, by, value FROM state \(clause) \(Self.order(filter))",
      list: values, read: entry)
  }

  func remembered(_ key: StateKey) throws -> StateEntry? { try state(StateFilter(key)).first }

  /// The keys, without opening what they hold.
  func names(_ filter: StateFilter) throws -> [String] {
    let (clause, values) = Self.clause(of: filter)
    return try connection.all("SELECT name FROM state \(clause) \(Self.order(filter))", list: values) { $0.text(0) }
  }

  private static func order(_ filter: StateFilter) -> String {
    """
    ORDER BY (SELECT text FROM words WHERE id = playbook), (SELECT text FROM words WHERE id = profile), namespace, name
    LIMIT \(max(filter.limit, 0))
    """
  }

  private func entry(_ row: Columns) throws -> StateEntry {
    let scope = StateScope(playbook: try word(row.integer(0)), profile: try word(row.integer(1)))
    let namespace = row.text(2)
    let key = StateKey(row.text(3), in: namespace.isEmpty ? nil : namespace, of: scope)
    return StateEntry(
      key, value: try payloads.json(row.bytes(6), PayloadPlace(key)), changed: row.integer(4), by: row.text(5))
  }

  /// What a filter asks for, and the values of its places.
  static func clause(of filter: StateFilter) -> (clause: String, values: [SQLValue]) {
    var conditions: [String] = []
    var values: [SQLValue] = []
    func require(_ condition: String, _ text: String?) {
      guard let text else { return }
      conditions.append(condition)
      values.append(.text(text))
    }
    require("playbook = (SELECT id FROM words WHERE text = ?)", filter.playbook)
    require("profile = (SELECT id FROM words WHERE text = ?)", filter.profile)
    switch filter.kind {
    case nil: break
    case .values?: conditions.append("namespace = ''")
    case .claims(let namespace)?:
      conditions.append("namespace > ''")
      require("namespace = ?", namespace)
    }
    require("name = ?", filter.name)
    if let prefix = filter.prefix, !prefix.isEmpty {
      conditions.append("name >= ? AND substr(name, 1, \(prefix.unicodeScalars.count)) = ?")
      values += [.text(prefix), .text(prefix)]
    }
    return (clause(conditions), values)
  }
}
