import JSON
import Journal
import Synchronization

/// What the store remembers and was told, laid under the memory of a plan as far as the plan asks: what the plan changes of
/// it is gone with the plan.
final class PlanMemory: Sendable {
  private struct Known {
    /// The keys that the store has and the plan's memory does not have as they are yet; nil before they were read.
    var names: [StateScope: Set<String>] = [:]
    /// Claims that were looked up.
    var claims: Set<StateKey> = []
    /// Events that were looked up, by kind and subject.
    var subjects: Set<[String?]> = []
  }

  private let store: any Store
  private let memory: MemoryJournal
  private let known = Mutex(Known())

  init(over store: any Store, memory: MemoryJournal) {
    self.store = store
    self.memory = memory
  }

  /// Brings into the plan's memory what the store would look at for that step.
  ///
  /// - Throws: ``JournalError`` where the store cannot be read.
  nonisolated(nonsending) func prepare(_ step: StoreStep) async throws(JournalError) {
    switch step.request {
    case .get(let name), .set(let name, _), .delete(let name):
      try await knowNames(of: step.scope)
      let isMissing = known.withLock { $0.names[step.scope]?.remove(name) != nil }
      if isMissing { try await take(StateKey(name, of: step.scope)) }
    case .keys: try await knowNames(of: step.scope)
    case .claim(let name, let namespace, _):
      let key = StateKey(name, in: namespace, of: step.scope)
      if known.withLock({ $0.claims.insert(key).inserted }) { try await take(key) }
    case .raise(let event, _): try await know(event)
    }
  }

  /// All keys are there from the first look on, so that they are listed and counted; what they hold is read when it is asked
  /// for.
  private nonisolated(nonsending) func knowNames(of scope: StateScope) async throws(JournalError) {
    guard known.withLock({ $0.names[scope] }) == nil else { return }
    let names = try await store.names(StateFilter(of: scope))
    for name in names { _ = await memory.set(StateKey(name, of: scope), to: .null, Self.plan) }
    known.withLock { $0.names[scope] = Set(names) }
  }

  private nonisolated(nonsending) func take(_ key: StateKey) async throws(JournalError) {
    guard let entry = try await store.state(StateFilter(key)).first else { return }
    _ = await memory.set(key, to: entry.value, Self.plan)
  }

  private nonisolated(nonsending) func know(_ event: EventRecord) async throws(JournalError) {
    guard let store = store as? any EventStore else { return }
    var same = EventFilter()
    (same.key, same.limit) = (event.key, 1)
    for found in try await store.events(same) { _ = await memory.receive(found) }
    guard let subject = event.subject, known.withLock({ $0.subjects.insert([event.kind, subject]).inserted }) else {
      return
    }
    var told = EventFilter()
    (told.profile, told.kind, told.subject) = (event.profile, event.kind, subject)
    // Which of them counts is a matter of when they were sent, and of who raised them.
    told.limit = .max
    for found in try await store.events(told).reversed() { _ = await memory.receive(found) }
  }

  private static let plan = Signature(by: "plan", at: 0)
}
