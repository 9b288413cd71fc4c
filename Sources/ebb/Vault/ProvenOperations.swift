import PandaPon
import Synchronization
import Vault

/// Marks in the vault which operations the API has answered properly for each profile: once for each, and off the path of
/// the calls.
final class ProvenOperations: Sendable {
  private struct State {
    /// What is known to be marked, or on its way there, by profile.
    var known: [String: Set<String>] = [:]
    var waiting: [String: Set<String>] = [:]
    var writing: Task<Void, Never>?
  }
  private let configuration: Configuration
  private let state = Mutex(State())

  init(_ configuration: Configuration) { self.configuration = configuration }

  /// Notes what became of a request.
  func note(_ exchange: Exchange) {
    guard exchange.outcome == "ok", configuration.profiles[exchange.profile]?.isInVault == true else { return }
    state.withLock { state in
      guard state.known[exchange.profile, default: []].insert(exchange.operation).inserted else { return }
      state.waiting[exchange.profile, default: []].insert(exchange.operation)
      if state.writing == nil { state.writing = Task.detached(priority: .background) { self.write() } }
    }
  }

  /// Returns when all that was noted is in the vault.
  func close() async {
    while let task = state.withLock({ $0.writing }) { await task.value }
  }

  private func write() {
    while true {
      let waiting = state.withLock { state in
        let waiting = state.waiting
        state.waiting = [:]
        if waiting.isEmpty { state.writing = nil }
        return waiting
      }
      guard !waiting.isEmpty else { return }
      for (profile, operations) in waiting { mark(operations, of: profile) }
    }
  }

  /// Where the vault cannot be written now, somebody marks them another time: nothing depends on it.
  private func mark(_ operations: Set<String>, of profile: String) {
    guard let vault = try? configuration.vault.open(),
      let proven = try? vault.read({ contents throws(VaultError) in try contents.profile(profile).proven })
    else { return }
    let fresh = operations.subtracting(proven).sorted()
    guard !fresh.isEmpty else { return }
    _ = try? vault.change(AuditEntry(.prove, profile: profile, field: fresh.joined(separator: " "))) {
      contents throws(VaultError) in
      for operation in fresh { try contents.markProven(operation, of: profile) }
    }
  }
}
