import Catalogue
import JSON
import Marketplace
import PandaPon
import Redaction
import Synchronization

@testable import Playbooks

/// A client of a simulated marketplace in this process: signed requests, no socket, waits that take no time.
///
/// It watches what goes by: the answers of single queries, and the cancels that the marketplace carried out or may have.
final class SimulatedShop: Reader, Writer, Transport {
  struct Cancel: Sendable {
    let id: String
    /// What the single query said last before the cancel.
    let seen: JSON?
  }
  private struct State {
    var seen: [String: JSON] = [:]
    var cancels: [Cancel] = []
    var random: UInt64 = 0
    var uptime: Duration = .zero
    var requests = 0
  }
  let marketplace: Marketplace
  /// What its requests are signed with.
  let source: StagedCredentials
  /// Told of each request before it arrives, with its number from 1.
  private let before: @Sendable (SimulatedShop, Int) async -> Void
  private let state = Mutex(State())

  private let witness = Recorder<WitnessedExchange>()

  init(
    _ options: SimulatorOptions, before: @escaping @Sendable (SimulatedShop, Int) async -> Void = { _, _ in }
  ) throws {
    self.before = before
    var options = options
    options.witness = { [witness] in witness.append($0) }
    marketplace = try Marketplace(options)
    source = StagedCredentials(try Self.credentials(marketplace.account.accessSecret, of: marketplace.account))
  }

  /// The account's key with another secret.
  static func credentials(_ secret: String, of account: SimulatedAccount) throws -> Credentials {
    try Credentials(accessKey: account.accessKey, secret: SecretBytes(secret.utf8))
  }

  var requests: Int { state.withLock { $0.requests } }

  var cancels: [Cancel] { state.withLock { $0.cancels } }
  /// All requests as the marketplace itself saw them, in order.
  var exchanges: [WitnessedExchange] { witness.all.filter { $0.moment == .concluded } }
  /// How often a write took effect, by operation and arguments.
  var effects: [String: Int] {
    Dictionary(grouping: exchanges.filter(\.tookEffect)) { "\($0.operation) \($0.arguments.text(.canonical))" }
      .mapValues(\.count)
  }

  private func client() throws -> Client {
    let account = marketplace.account
    var surroundings = Surroundings.live
    surroundings.sleep = { time in self.state.withLock { $0.uptime += time } }
    surroundings.uptime = { self.state.withLock { $0.uptime } }
    surroundings.random = {
      self.state.withLock { state in
        var draws = Seeded(state: state.random)
        state.random &+= 1
        return draws.next()
      }
    }
    return Client(
      profile: try Profile(name: "shop", baseURL: BaseURL(parsing: "http://127.0.0.1:1"), userID: account.userID),
      credentials: source, transport: self, surroundings: surroundings)
  }

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    guard let client = try? client() else { return .unsent }
    let outcome = await client.read(operation, arguments)
    if operation.id == "taobao.refunds.get", case .ok(let answer) = outcome {
      state.withLock { $0.seen[arguments.script.refundID] = answer.data }
    }
    return outcome
  }

  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    guard let client = try? client() else { return .unsent }
    let id = arguments.script.refundID
    state.withLock { $0.cancels.append(Cancel(id: id, seen: $0.seen.removeValue(forKey: id))) }
    return await client.write(operation, arguments)
  }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    let number = state.withLock { state in
      state.requests += 1
      return state.requests
    }
    await before(self, number)
    let response = await marketplace.respond(
      to: SimulatedRequest(
        method: request.method, path: request.target, headers: request.headers, body: request.body ?? []))
    if response.delay >= deadline { throw .timeout }
    guard case .complete = response.ending else { throw .connectionLost }
    return WireResponse(status: response.status, headers: response.headers, body: response.body)
  }
}
