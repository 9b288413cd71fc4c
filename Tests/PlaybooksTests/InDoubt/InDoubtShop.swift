import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Marketplace
@testable import Playbooks

/// A simulated shop in which one write goes wrong, and a run that does that write.
struct InDoubtShop {
  let shop: SimulatedShop
  let clock: ShopClock
  let journal = MemoryJournal()
  let operation: Operation
  /// The write's arguments, as a script gives them.
  let arguments: JSON
  /// What it touches, as reports name it.
  let resource: String
  let id: RunID = "run-1"

  /// - Parameter faults: what goes wrong from now on, with `OP` for the write.
  init(_ operation: Operation, faults: String = "") async throws {
    var options = SimulatorOptions()
    options.clock = .fixed(Stage.start)
    let shop = try SimulatedShop(options)
    self.shop = shop
    self.operation = operation
    let id = operation.id
    let call = try await shop.marketplace.withWorld { try $0.validCall(id) }
    arguments = call.script(of: operation)
    resource = try operation.claims(of: operation.arguments(from: arguments)).map(\.description)
      .joined(separator: ", ")
    clock = ShopClock(shop.marketplace)
    await shop.marketplace.setFaults(try FaultPlan(parsing: faults.replacing("OP", with: id)))
  }

  /// The write as an `act`, or called directly.
  func source(isAct: Bool) -> String {
    let header = #"playbook { guards = { max_amount = { run = "90000000 CNY" } } }"#
    let call =
      isAct
      ? "local answer, code = act('s', 'because', \(operation.id), json)\nreturn { answer ~= nil, code }"
      : "local answer = \(operation.id)(json)\nreturn { answer ~= nil }"
    return "\(header)\nlocal json = \(arguments.lua)\n\(call)"
  }

  /// The stage with this shop's time and journal.
  func stage(journal: (any Journal)? = nil) -> Stage {
    var stage = Stage()
    stage.id = id
    stage.journal = journal ?? self.journal
    return stage
  }

  func surroundings(journal: (any Journal)? = nil) -> RunSurroundings {
    RunSurroundings(
      catalogue: catalogue, reader: shop, writer: shop, journal: journal ?? self.journal, clock: clock)
  }

  /// Begins the run.
  func start(isAct: Bool, journal: (any Journal)? = nil) async throws -> RunReport {
    let assignment = try await stage(journal: journal).assignment(source(isAct: isAct))
    return try #require(
      try await RunAdvance.start(assignment, in: surroundings(journal: journal)).report)
  }

  /// Goes on with the run through all waits that end by themselves.
  func resume() async throws -> RunReport? {
    let advance = try await RunAdvance.resume(id, in: surroundings())
    return try await RunAdvance.stay(with: advance, in: surroundings()).report
  }

  var effect: EffectRecord? {
    get async { await journal.history(of: id)?.effects.first }
  }

  /// How often the marketplace itself says that the write took effect.
  var effected: Int { shop.exchanges.count { $0.operation == operation.id && $0.tookEffect } }
  /// How often it reached the marketplace.
  var sent: Int { shop.exchanges.count { $0.operation == operation.id } }
}

/// Time that stands still but for waits, and takes the marketplace along. What would wait for over an hour waits until
/// it is cancelled: one who sleeps that long must not take along who sleeps for seconds.
final class ShopClock: RunClock {
  private let clock = VirtualClock(Stage.start)
  private let marketplace: Marketplace

  init(_ marketplace: Marketplace) {
    self.marketplace = marketplace
  }

  func now() -> Milliseconds { clock.now() }

  func sleep(until instant: Milliseconds) async throws {
    if instant - now() > 3_600_000 { return try await Task.sleep(for: .seconds(3600)) }
    try await clock.sleep(until: instant)
    _ = await marketplace.move(to: clock.now())
  }

  /// Moves time on.
  func advance(to instant: Milliseconds) {
    clock.advance(by: instant - now())
  }
}

extension JSON {
  /// The value as Lua writes it.
  var lua: String {
    switch self {
    case .null: "nil"
    case .array(let elements): "{ \(elements.map(\.lua).joined(separator: ", ")) }"
    case .object(let members):
      "{ \(members.map { "[\(JSON.string($0.key).text())] = \($0.value.lua)" }.joined(separator: ", ")) }"
    default: text()
    }
  }
}
