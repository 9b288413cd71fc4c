import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing
import Workbench

@testable import Marketplace
@testable import Playbooks

/// A simulated shop whose callbacks go to a store, and whose events ring a playbook: all that the backfill lives among.
///
/// The bell notes which change each event that rang it told of. What the world itself knows of its changes is compared with
/// that.
actor BackfillWorld {
  /// Something that changes on the marketplace.
  struct Subject: Hashable, CustomStringConvertible {
    let kind: String
    let id: String
    var description: String { "\(kind) \(id)" }
  }

  /// One state of a subject: which, and since when.
  struct Sight: Hashable {
    let state: String
    let since: Int64
  }

  /// One change as an event tells of it. Several may fall on one instant.
  struct Change: Hashable {
    let subject: Subject
    /// The event's kind: a new price is another change than a new state.
    let kind: String
    let says: String?
    /// When it took place.
    let at: Int64
  }

  /// The bell was rung about a change.
  struct Ring {
    let change: Change
    let at: Int64
    let isRaised: Bool
    var subject: Subject { change.subject }
  }

  let shop: SimulatedShop
  let journal = MemoryJournal()
  let clock = VirtualClock(Stage.start)
  private var draws: SeededGenerator
  private let kinds: EventKinds
  private(set) var rings: [Ring] = []
  /// What each subject showed, one sight after the other.
  private var history: [Subject: [Sight]] = [:]
  /// What was placed or filed since: no callback tells of that.
  private(set) var born: Set<String> = []
  private var bells = 0

  init(seed: UInt64, faults: String) throws {
    var options = SimulatorOptions()
    options.seed = seed
    options.clock = .fixed(Stage.start)
    options.callback = "http://127.0.0.1:1/callbacks/shop"
    options.faults = try FaultPlan(parsing: faults)
    options.scenario = Self.scenario
    shop = try SimulatedShop(options)
    draws = SeededGenerator(seed: seed, subject: "backfill")
    kinds = try EventKinds(catalogue)
  }

  private static let scenario = Scenario(name: "backfill") { world in
    Scenario.small.build(&world)
    var builder = DemoBuilder()
    builder.add(4, .init(.waitingForSeller, goodsStatus: 3, days: 0...9, hoursLeft: 20...60), to: &world)
    builder.add(3, .init(.refused, goodsStatus: 4, days: 1...9, hoursLeft: 20...60), to: &world)
  }

  // MARK: What happens

  /// Lets time pass, in which things happen and callbacks come.
  func live(for span: Int64) async throws {
    let end = clock.now() + span
    while clock.now() < end {
      clock.advance(by: min(draws.draw(1...6) * Span.minute, end - clock.now()))
      await shop.marketplace.move(to: clock.now())
      await look()
      for _ in 0..<draws.draw(0...3) {
        await happen()
        await look()
      }
      try await deliver()
      try await dispatch()
    }
  }

  private func happen() async {
    let (roll, pick) = (draws.draw(0...9), draws.draw(0...9999))
    let placed = await shop.marketplace.withWorld { world -> [String]? in
      func one<Element>(_ elements: [Element]) -> Element? { elements.isEmpty ? nil : elements[pick % elements.count] }
      switch roll {
      case 0...3:
        guard let refund = one(world.reverseOrders.rows.filter { !$0.status.isTerminal }) else { return nil }
        let actions: [RefundAction] = [.agree, .refuse, .modify, .cancel, .confirmReturn, .refuseReturn, .moneyArrived]
        let action = one(actions.filter { RefundMachine.next(refund.status, $0, kind: refund.kind) != nil })
        if let action { world.apply(action, toReverseOrder: refund.id) }
      case 4, 5:
        guard let refund = one(world.alibabaRefunds.rows.filter { !$0.status.isTerminal }) else { return nil }
        let action = one(
          [AlibabaRefundAction.agree, .reject, .modify, .sendGoods, .receiveGoods].filter {
            AlibabaRefundMachine.next(refund.status, $0, returning: refund.returning) != nil
          })
        if let action { world.apply(action, toAlibabaRefund: refund.id) }
      case 6:
        guard let order = one(world.alibabaOrders.rows.filter { $0.status == .waitingForPayment }) else { return nil }
        world.setCarriage(order.carriage + 100, ofAlibabaOrder: order.id)
      case 7:
        guard let order = one(world.alibabaOrders.rows) else { return nil }
        for action in [AlibabaOrderAction.pay, .ship, .receive] where world.apply(action, toAlibabaOrder: order.id) {
          break
        }
      case 8:
        guard let order = one(world.taobaoOrders.rows) else { return nil }
        for action in [TaobaoOrderAction.pay, .ship, .confirmReceipt] where world.apply(action, toTaobaoOrder: order.id)
        { break }
      default:
        let goods = world.taobaoGoods.rows
        let purchases = DemoBuilder().purchases(goods, pick)
        guard let id = world.addTaobaoOrder(purchases, number: "new-\(pick)"),
          let line = world.taobaoOrders[id]?.lines.first
        else { return nil }
        guard let refund = world.addReverseOrder(order: id, line: line.id, World.ReverseOrderSpecification())
        else { return nil }
        return [id, refund]
      }
      return nil
    }
    born.formUnion(placed ?? [])
  }

  /// Notes what changed.
  private func look() async {
    for (subject, sight) in await sights() where history[subject]?.last != sight {
      history[subject, default: []].append(sight)
    }
  }

  /// The change that an event tells of: a callback is sent when it takes place, and what is raised tells of the last that led
  /// to what it says. A price is the last change of all while it can still change.
  private func change(toldBy event: EventRecord) throws -> Change {
    let kind = try #require(event.kind)
    let subject = Subject(
      kind: kind.prefix { $0 != "." } + (kind.contains("refund") ? ".refund" : ".order"),
      id: try #require(event.subject))
    let state = event.says ?? AlibabaOrderStatus.waitingForPayment.rawValue
    let sight = history[subject]?.last { $0.state == state && $0.since <= event.received }
    return Change(
      subject: subject, kind: kind, says: event.says,
      at: try #require(event.sent ?? sight?.since, "what is raised was so once"))
  }

  /// Stores the callbacks that are due, as the service does.
  func deliver() async throws {
    for delivery in await shop.marketplace.dueCallbacks() {
      let envelope = try CallbackEnvelope(parsing: delivery.body)
      let row = kinds.row(messageType: envelope.messageType, platform: envelope.platform)
      var event = EventRecord(
        key: envelope.key(for: "shop"), profile: "shop", kind: row?.operation, messageType: envelope.messageType,
        platform: envelope.platform, digest: envelope.bodyDigest(for: "shop"), received: clock.now(),
        envelope: envelope.content)
      event.subject = row?.about?.subject(of: envelope.body)
      event.says = row?.about?.state(in: envelope.body)
      event.sent = envelope.timestamp
      _ = await journal.receive(event)
      await shop.marketplace.settle(delivery, acknowledged: true)
    }
  }

  /// Hands events to the bell, whose run looks at once.
  func dispatch() async throws {
    for event in await journal.undispatched(limit: .max) {
      bells += 1
      let run = RunRecord(
        id: RunID("bell-\(bells)"), playbook: "bell", version: "v", profile: "shop", trigger: .event, parameters: [:],
        started: clock.now())
      let deliveries = await journal.dispatch(event, [DueDelivery("bell", .start(run))], at: clock.now())
      guard let delivery = deliveries?.first, delivery.outcome == .ran, let started = delivery.run else { continue }
      let request = LeaseRequest(worker: "bell", instant: clock.now(), length: 1000)
      let lease = try #require(try await journal.acquire(started, request, displacing: nil))
      _ = try await journal.commit(
        [Entry(.status(.succeeded), instant: clock.now()), Entry(.release, instant: clock.now())], under: lease)
      rings.append(Ring(change: try change(toldBy: event), at: clock.now(), isRaised: event.raisedBy != nil))
    }
  }

  // MARK: The backfill

  /// Runs the backfill once; where its process is to die after so many commits, it is resumed by another.
  func backfill(_ number: Int, parameters: JSONObject = [:], dyingAfter commits: Int? = nil) async throws -> RunReport {
    let source = try #require(EmbeddedFile.bytes("scripts/backfill_missed_messages.lua"))
    var stage = Stage()
    stage.file = "scripts/backfill_missed_messages.lua"
    (stage.id, stage.clock, stage.journal) = (RunID("backfill-\(number)"), clock, journal)
    stage.parameters = parameters
    let reader = MovingShop(shop: shop, clock: clock) { [weak self] in
      await self?.look()
      try? await self?.deliver()
    }
    let assignment = try await stage.assignment(String(decoding: source, as: UTF8.self))
    var report: RunReport?
    if let commits {
      var dying = stage
      let cuttable = CuttableJournal(journal, commits: commits)
      dying.journal = cuttable
      do {
        report = try await dying.play(assignment, in: dying.surroundings(reader: reader, writer: reader))
      } catch is JournalError {
        try await cuttable.bury()
      }
    }
    if report == nil, commits == nil {
      report = try await stage.play(assignment, in: stage.surroundings(reader: reader, writer: reader))
    } else if report == nil {
      let surroundings = stage.surroundings(reader: reader, writer: reader)
      // A process that died before anything was recorded left no run.
      if await journal.run(stage.id) == nil { return try await backfill(number, parameters: parameters) }
      let resumed = try await RunAdvance.resume(stage.id, in: surroundings)
      report = try await RunAdvance.stay(with: resumed, in: surroundings).report
    }
    let done = try #require(report)
    try await dispatch()
    return done
  }

  /// What the marketplace shows now.
  func sights() async -> [Subject: Sight] {
    await shop.marketplace.withWorld { world in
      var sights: [Subject: Sight] = [:]
      for refund in world.reverseOrders.rows {
        let sight = Sight(state: String(refund.status.rawValue), since: refund.enteredAt)
        sights[Subject(kind: "taobao.refund", id: refund.id)] = sight
      }
      for refund in world.alibabaRefunds.rows {
        let sight = Sight(state: refund.status.rawValue, since: refund.modifiedAt)
        sights[Subject(kind: "alibaba.refund", id: refund.id)] = sight
      }
      for order in world.taobaoOrders.rows {
        sights[Subject(kind: "taobao.order", id: order.id)] = Sight(
          state: order.status.rawValue, since: order.modifiedAt)
      }
      for order in world.alibabaOrders.rows {
        sights[Subject(kind: "alibaba.order", id: order.id)] = Sight(
          state: order.status.rawValue, since: order.modifiedAt)
      }
      return sights
    }
  }

  /// Whether a change looks like another that a callback told: it led to the same state, was sent at or after that instant and
  /// before the change, and nothing that was sent after it says otherwise.
  func isMasked(_ sight: Sight, of subject: Subject, since: Int64) async -> Bool {
    let isPrice = subject.kind == "alibaba.order" && sight.state == AlibabaOrderStatus.waitingForPayment.rawValue
    let told = await callbacks(about: subject).filter {
      $0.at >= since && $0.at < sight.since && ($0.says == nil) == isPrice
    }
    let latest = told.map(\.at).max()
    return told.contains { $0.at == latest && (isPrice || $0.says == sight.state) }
  }

  private func callbacks(about subject: Subject) async -> [Change] {
    var filter = EventFilter()
    (filter.subject, filter.limit) = (subject.id, .max)
    return await journal.events(filter).filter { $0.raisedBy == nil }.compactMap { try? change(toldBy: $0) }
      .filter { $0.subject == subject }
  }

  /// What the backfill keeps of each subject.
  func held() async -> [Subject: JSON] {
    var held: [Subject: JSON] = [:]
    let scope = StateScope(playbook: "backfill_missed_messages", profile: "shop")
    for entry in await journal.state(StateFilter(of: scope)) {
      let kind = String(entry.key.name.prefix { $0 != "/" })
      guard kind != "source" else { continue }
      for (id, value) in entry.value.object ?? [:] { held[Subject(kind: kind, id: id)] = value }
    }
    return held
  }

  func heal() async { await shop.marketplace.setFaults(.none) }
}

/// A client whose marketplace goes with the clock of who asks.
private struct MovingShop: Reader, Writer {
  let shop: SimulatedShop
  let clock: VirtualClock
  /// Lets come what is due.
  let deliver: @Sendable () async -> Void

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await shop.marketplace.move(to: clock.now())
    await deliver()
    return await shop.read(operation, arguments)
  }

  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await shop.write(operation, arguments)
  }
}
