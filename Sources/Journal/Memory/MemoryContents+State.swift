internal import JSON

/// The values, or the claims, of one memory: so many there may be.
struct StateShelf: Hashable {
  let scope: StateScope
  let isOfClaims: Bool

  init(_ key: StateKey) {
    scope = key.scope
    isOfClaims = key.namespace != nil
  }

  /// The order in which people see them.
  static func precedes(_ left: StateShelf, _ right: StateShelf) -> Bool {
    (left.scope.playbook, left.scope.profile, left.isOfClaims ? 1 : 0)
      < (right.scope.playbook, right.scope.profile, right.isOfClaims ? 1 : 0)
  }
}

/// Where on its shelf something is remembered. Texts are compared by their bytes, as SQLite does.
struct StatePlace: Hashable {
  let namespace: [UInt8]
  let name: [UInt8]

  init(_ key: StateKey) {
    namespace = Array((key.namespace ?? "").utf8)
    name = Array(key.name.utf8)
  }

  /// The order in which people and scripts see them.
  static func precedes(_ left: StatePlace, _ right: StatePlace) -> Bool {
    if left.namespace != right.namespace { return left.namespace.lexicographicallyPrecedes(right.namespace) }
    return left.name.lexicographicallyPrecedes(right.name)
  }
}

/// What playbooks remember.
extension MemoryContents {
  mutating func answer(_ step: StoreStep, by run: RunID, at instant: Milliseconds) -> Step {
    switch step.request {
    case .get(let name):
      return step.answered(remembered(StateKey(name, of: step.scope)).map { [$0.value] } ?? [])
    case .set(let name, let value):
      let entry = StateEntry(StateKey(name, of: step.scope), value: value, changed: instant, by: run.text)
      return keep(entry) ? step.answered([]) : step.refused
    case .delete(let name):
      let key = StateKey(name, of: step.scope)
      return step.answered([.bool(state[StateShelf(key)]?.removeValue(forKey: StatePlace(key)) != nil)])
    case .claim(let name, let namespace, let owner):
      let key = StateKey(name, in: namespace, of: step.scope)
      if let held = remembered(key) { return step.answered([held.value]) }
      let entry = StateEntry(key, value: .string(owner), changed: instant, by: run.text)
      return keep(entry) ? step.answered([.string(owner)]) : step.refused
    case .keys(let prefix):
      let names = state(StateFilter(of: step.scope, prefix: prefix)).map(\.key.name)
      return step.answered([.array(names.map(JSON.string))])
    case .raise(let event, let since):
      return step.answered([.string(raise(event, since: since).rawValue), .string(event.key)])
    }
  }

  private func remembered(_ key: StateKey) -> StateEntry? { state[StateShelf(key)]?[StatePlace(key)] }

  /// - Returns: false where the playbook has as many as it may.
  private mutating func keep(_ entry: StateEntry) -> Bool {
    let shelf = StateShelf(entry.key)
    let isFull = state[shelf]?.count ?? 0 >= (shelf.isOfClaims ? StateLimit.claims : StateLimit.values)
    if isFull, remembered(entry.key) == nil { return false }
    state[shelf, default: [:]][StatePlace(entry.key)] = entry
    return true
  }

  func state(_ filter: StateFilter) -> [StateEntry] {
    let found = state.sorted { StateShelf.precedes($0.key, $1.key) }.flatMap { _, entries in
      entries.filter { filter.finds($0.value.key) }.sorted { StatePlace.precedes($0.key, $1.key) }.map(\.value)
    }
    return Array(found.prefix(max(filter.limit, 0)))
  }

  mutating func set(_ key: StateKey, to value: JSON, _ signature: Signature) -> Bool {
    guard keep(StateEntry(key, value: value, changed: signature.instant, by: signature.by)) else { return false }
    audit.append(.remembered(key, signature))
    return true
  }

  mutating func forget(_ filter: StateFilter, _ signature: Signature) -> Int {
    var all = filter
    all.limit = .max
    let found = state(all)
    for entry in found { state[StateShelf(entry.key)]?[StatePlace(entry.key)] = nil }
    if !found.isEmpty { audit.append(.forgot(filter, found.count, signature)) }
    return found.count
  }
}

extension StateFilter {
  fileprivate func finds(_ key: StateKey) -> Bool {
    let isOfKind =
      switch kind {
      case nil: true
      case .values?: key.namespace == nil
      case .claims(let namespace)?:
        key.namespace.map { own in namespace.map { Array($0.utf8) == Array(own.utf8) } ?? true } ?? false
      }
    return isOfKind && playbook.map { $0 == key.scope.playbook } ?? true
      && profile.map { $0 == key.scope.profile } ?? true && name.map { Array($0.utf8) == Array(key.name.utf8) } ?? true
      && prefix.map { key.name.utf8.starts(with: $0.utf8) } ?? true
  }
}

extension EventRecord {
  /// When what it says was so, as far as is known.
  var told: Milliseconds { sent ?? received }

  /// Whether two events of one shop are of the same kind and about the same order or refund.
  func isAbout(_ other: EventRecord) -> Bool {
    kind == other.kind && subject == other.subject && profile == other.profile
  }

  /// Whether they say the same state, or one of them says none.
  func agrees(with other: EventRecord) -> Bool { says == nil || other.says == nil || says == other.says }
}
