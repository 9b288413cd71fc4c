import Catalogue
import JSON
import Marketplace
import PandaPon
import Redaction
import Synchronization

/// A client of a simulated marketplace in this process: signed requests, no socket, waits that take no time.
final class TestShop: Reader, Writer, Transport {
  private struct State {
    var uptime = Duration.zero
    var random: UInt64 = 0
    var effects: [Effect] = []
  }

  /// A write that took effect, and the world around it.
  struct Effect: Sendable {
    let operation: String
    /// As on the wire, but ids are texts: scripts compare them with ids, which are.
    let arguments: JSON
    let instant: Int64
    let worlds: WitnessedExchange.Worlds?
  }

  let marketplace: Marketplace
  private let clock: TestClock
  private let credentials: StagedCredentials
  private let state: StateBox

  /// The state, apart from the shop: the marketplace's witness holds it as well.
  private final class StateBox: Sendable {
    let contents = Mutex(State())
  }

  /// A shop of its own with nothing in it but sellers and goods.
  init(at instant: Int64, seed: UInt64, faults: FaultPlan = .none) throws {
    let state = StateBox()
    var options = SimulatorOptions()
    options.clock = .fixed(instant)
    options.scenario = .empty
    options.seed = seed
    options.faults = faults
    options.witnessesWorlds = true
    options.witness = { exchange in
      guard exchange.moment == .concluded, exchange.tookEffect else { return }
      let effect = Effect(
        operation: exchange.operation, arguments: exchange.arguments.withTextIDs(), instant: exchange.instant,
        worlds: exchange.worlds)
      state.contents.withLock { $0.effects.append(effect) }
    }
    self.state = state
    marketplace = try Marketplace(options)
    clock = TestClock(marketplace, at: instant)
    let account = marketplace.account
    credentials = StagedCredentials(
      try Credentials(accessKey: account.accessKey, secret: SecretBytes(account.accessSecret.utf8)))
  }

  /// The time that the shop and the runs of its test live in.
  var time: TestClock { clock }

  /// Every write that took effect, in order.
  var effects: [Effect] { state.contents.withLock(\.effects) }

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    guard let client = try? client() else { return Self.unsent }
    return await client.read(operation, arguments)
  }

  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    guard let client = try? client() else { return Self.unsent }
    return await client.write(operation, arguments)
  }

  private static let unsent = Outcome.notSent(Failure(.invalid, "the test's shop cannot be reached", label: "test"))

  private func client() throws -> Client {
    let (state, clock) = (state, clock)
    let surroundings = Surroundings(
      now: { clock.now() }, uptime: { state.contents.withLock(\.uptime) },
      sleep: { time in state.contents.withLock { $0.uptime += time } },
      random: {
        state.contents.withLock { state in
          var draws = SeededGenerator(seed: 0, subject: "test", turn: Int(state.random))
          state.random += 1
          return draws.next()
        }
      })
    return Client(
      profile: try Profile(
        name: "test", baseURL: BaseURL(parsing: "http://127.0.0.1:1"), userID: marketplace.account.userID,
        allow: Allowance(grades: Set(Evidence.allCases))),
      credentials: credentials, transport: self, surroundings: surroundings)
  }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    let response = await marketplace.respond(
      to: SimulatedRequest(
        method: request.method, path: request.target, headers: request.headers, body: request.body ?? []))
    if response.delay >= deadline { throw .timeout }
    guard case .complete = response.ending else { throw .connectionLost }
    return WireResponse(status: response.status, headers: response.headers, body: response.body)
  }
}
