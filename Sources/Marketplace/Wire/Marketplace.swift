public import JSON
import Catalogue

/// A simulated PandaPon in process: it verifies, routes, carries out and answers, one request at a time.
///
/// The same object stands behind `SimulatorServer`; tests that need no socket call `respond(to:)`.
public actor Marketplace {
  /// The one account that it knows, as it was at first.
  public nonisolated let account: SimulatedAccount
  /// The seed.
  public nonisolated let seed: UInt64
  /// The scenario's name.
  public nonisolated let scenario: String
  /// The instant at which it started, RFC 3339; `real` where it runs on the machine's clock.
  public nonisolated let clockAtStart: String

  private let routes: Routes
  private let developerID: String
  private var world: World
  private var clock: MarketplaceClock
  private var gatekeeper: Gatekeeper
  private var desk: FaultDesk
  private var recorder: RequestRecorder?
  private let witness: (@Sendable (WitnessedExchange) -> Void)?
  private let witnessesWorlds: Bool
  private var log = RequestLog()
  var office: PostOffice?
  private var overdue: [LateRequest] = []
  private var requests = 0

  /// A marketplace of those options; the port is not used here.
  ///
  /// - Throws: `SimulatorError` where the record file cannot be opened, `CatalogueError` where the catalogue is broken.
  public init(_ options: SimulatorOptions = SimulatorOptions()) throws {
    try self.init(options, routes: Marketplace.routes.get())
  }

  /// Read once: a process that makes many marketplaces would spend most of its time on the catalogue.
  private static let routes = Result { Routes(try Catalogue.embedded()) }

  /// A marketplace of that seed, clock and scenario, in which nothing goes wrong.
  public init(seed: UInt64, clock: MarketplaceClock = .real, scenario: Scenario = .small) throws {
    var options = SimulatorOptions()
    options.seed = seed
    options.clock = clock
    options.scenario = scenario
    try self.init(options)
  }

  init(_ options: SimulatorOptions, routes: Routes) throws {
    let account = options.account ?? SimulatedAccount(seed: options.seed)
    self.account = account
    self.routes = routes
    seed = options.seed
    scenario = options.scenario.name
    clock = options.clock
    clockAtStart = options.clock == .real ? "real" : CivilTime.rfc3339(options.clock.now)
    world = options.scenario.world(
      seed: options.seed, now: options.clock.now, longIDs: options.faults.usesLongIDs, windows: options.windows)
    world.tells = options.callback != nil
    office = options.callback.map { url in
      PostOffice(
        url: url, writer: CallbackWriter(account: account, signing: options.callbackSigning), seed: options.seed)
    }
    gatekeeper = Gatekeeper(account: account)
    desk = FaultDesk(plan: options.faults, seed: options.seed)
    developerID = String(1_021_090_911_993_463_000 + options.seed % 1000)
    witness = options.witness
    witnessesWorlds = options.witnessesWorlds && options.witness != nil
    recorder = try options.record.map { path throws(SimulatorError) in try RequestRecorder(path: path) }
  }

  /// A request that was held up on its way, and is carried out though nobody waits for its answer.
  private struct LateRequest {
    let request: SimulatedRequest
    let target: RequestTarget
    let route: Routes.Route
    let values: [String: String]
    let at: Int64
  }

  // MARK: Time and state

  /// The world's instant, in ms since 1970.
  public var now: Int64 { clock.now }

  /// Moves the clock on by milliseconds and carries out what falls due; a negative step does nothing.
  public func advance(by milliseconds: Int64) {
    guard milliseconds > 0 else { return }
    clock.advance(by: milliseconds)
    turn(to: clock.now)
  }

  /// Moves the clock on to an instant; an earlier one is refused, since time does not run back.
  ///
  /// - Returns: whether the clock was moved.
  @discardableResult
  public func move(to instant: Int64) -> Bool {
    guard instant >= world.now else { return false }
    clock.move(to: instant)
    turn(to: instant)
    return true
  }

  /// Looks at or changes the world directly, at the clock's instant; for tests and scenarios.
  public func withWorld<Result: Sendable>(_ body: @Sendable (inout World) throws -> Result) rethrows -> Result {
    turn(to: clock.now)
    return try body(&world)
  }

  /// Moves the world to the clock's instant and posts what happened meanwhile.
  func turn() {
    turn(to: clock.now)
    for tiding in world.tidings { office?.post(tiding, faults: desk.strike(tiding.event)) }
    world.tidings = []
  }

  /// Notes in the record how a callback was taken.
  func note(_ delivery: CallbackDelivery, acknowledged: Bool) {
    recorder?.record(delivery, acknowledged: acknowledged, at: clock.now)
  }

  /// Replaces the faults; counts begin again.
  public func setFaults(_ plan: FaultPlan) {
    desk.plan = plan
  }

  /// Resets the account's secret, as the vendor's console does: the old one is refused at once, callbacks that happen from
  /// now on are signed with the new one.
  public func reset(secret: String) {
    gatekeeper.reset(secret: secret)
    office?.reset(secret: secret)
  }

  /// Counts by state, and what the simulator runs on.
  public func summary() -> JSON {
    turn(to: clock.now)
    var summary = world.summary
    summary["seed"] = .string(String(seed))
    summary["scenario"] = .string(scenario)
    summary["requests"] = .integer(Int64(requests))
    summary["faults"] = .string(desk.plan.text)
    if let office {
      summary["callbacks"] = [
        "acknowledged": .integer(Int64(office.acknowledged)), "pending": .integer(Int64(office.pending)),
        "lost": .integer(Int64(office.lost)),
      ]
    }
    return summary
  }

  // MARK: Exchanges

  /// Answers one request, as the wire would.
  public func respond(to request: SimulatedRequest) -> SimulatedResponse {
    let target = RequestTarget(request.path)
    if target.path.hasPrefix("/simulator/") { return control(request, target) }
    requests += 1
    let now = clock.now
    turn(to: now)
    var entry = RequestLog.Entry(time: now, method: request.method, path: target.path)
    let response = exchange(request, target, now, &entry)
    entry.status = response.status
    recorder?.record(request, target, entry)
    entry.worldBefore = nil
    log.append(entry)
    return response
  }

  private func exchange(
    _ request: SimulatedRequest, _ target: RequestTarget, _ now: Int64, _ entry: inout RequestLog.Entry
  ) -> SimulatedResponse {
    guard let (route, values) = routes.match(method: request.method, path: target.path) else {
      return envelope(.failure(.unknown("operation", "\(request.method) \(target.path)")), status: 404, &entry)
    }
    entry.operation = route.operation
    tell(.arrived, route, request, target, values, now)
    defer { tell(.concluded, route, request, target, values, now, entry) }
    let faults = desk.strike(route.operation)
    entry.faults = faults
    if route.isWrite { entry.tookEffect = false }
    var delay: Int64 = 0
    for fault in faults { if case .delay(let milliseconds) = fault { delay += milliseconds } }
    var response: SimulatedResponse
    if let struck = FaultAnswers.before(faults) {
      response = struck
    } else if let lag = FaultAnswers.lag(faults) {
      overdue.append(LateRequest(request: request, target: target, route: route, values: values, at: now + lag))
      response = FaultAnswers.reset
      delay += lag
    } else if faults.contains(.rateLimitCode) {
      response = envelope(.failure(.tooMany), &entry)
    } else {
      let outcome = watched(route, &entry) { carryOut(request, target, route, values, now, faults) }
      response = FaultAnswers.after(faults, envelope(distorted(outcome, faults), &entry))
    }
    response.delay = .milliseconds(delay)
    return response
  }

  /// Carries something out, and notes whether that changed the world, where somebody wants to know.
  private func watched(
    _ route: Routes.Route, _ entry: inout RequestLog.Entry, _ work: () -> Result<JSON, Refusal>
  ) -> Result<JSON, Refusal> {
    guard route.isWrite, witness != nil || recorder != nil else { return work() }
    let before = world
    let outcome = work()
    entry.tookEffect = world != before
    if witnessesWorlds, entry.tookEffect == true { entry.worldBefore = before }
    return outcome
  }

  /// Moves the world on; what was held up on its way is carried out at its time.
  private func turn(to instant: Int64) {
    while let index = overdue.indices.min(by: { overdue[$0].at < overdue[$1].at }), overdue[index].at <= instant {
      let late = overdue.remove(at: index)
      world.advance(to: late.at)
      var entry = RequestLog.Entry(time: late.at, method: late.request.method, path: late.target.path)
      entry.operation = late.route.operation
      _ = watched(late.route, &entry) {
        carryOut(late.request, late.target, late.route, late.values, late.at, [])
      }
      recorder?.record(late.request, late.target, entry)
      tell(.concluded, late.route, late.request, late.target, late.values, late.at, entry)
      entry.worldBefore = nil
      log.append(entry)
    }
    world.advance(to: instant)
  }

  private func carryOut(
    _ request: SimulatedRequest, _ target: RequestTarget, _ route: Routes.Route, _ values: [String: String],
    _ now: Int64, _ faults: [Fault]
  ) -> Result<JSON, Refusal> {
    do throws(Refusal) {
      let clocks = [MarketplaceClock.machineTime, now]
      if route.signsQuery {
        try gatekeeper.admit(query: { target[$0] }, clocks: clocks)
      } else {
        try gatekeeper.admit(headers: { request.header($0) }, clocks: clocks)
      }
      let call = Call(
        operation: route.operation, path: values, query: target.query, body: try Marketplace.body(request.body))
      for name in route.required where call.value(name) == nil { throw .missing(name) }
      return .success(try world.carryOut(call, listFault: World.ListFault(faults)))
    } catch {
      return .failure(error)
    }
  }

  private func tell(
    _ moment: WitnessedExchange.Moment, _ route: Routes.Route, _ request: SimulatedRequest, _ target: RequestTarget,
    _ values: [String: String], _ now: Int64, _ entry: RequestLog.Entry? = nil
  ) {
    guard let witness else { return }
    var arguments = (try? Marketplace.body(request.body))?.object ?? [:]
    for item in target.query { arguments[item.name] = .string(item.value) }
    for (name, value) in values { arguments[name] = .string(value) }
    var exchange = WitnessedExchange(
      moment: moment, operation: route.operation, isWrite: route.isWrite, arguments: .object(arguments),
      tookEffect: entry?.tookEffect ?? false, faults: entry?.faults ?? [], instant: now)
    exchange.worlds = entry?.worldBefore.map { WitnessedExchange.Worlds(before: $0, after: world) }
    witness(exchange)
  }

  private static func body(_ bytes: [UInt8]) throws(Refusal) -> JSON {
    guard !bytes.isEmpty else { return .null }
    do {
      return try JSON(parsing: bytes)
    } catch {
      throw Refusal(code: 400, message: "参数错误: the body is not JSON: \(error)")
    }
  }

  private func distorted(_ outcome: Result<JSON, Refusal>, _ faults: [Fault]) -> Result<JSON, Refusal> {
    outcome.map { data in
      var data = data
      if faults.contains(.integerIDs) { data = Distortion.integerIDs(data) }
      if faults.contains(.flipScalars) {
        var draws = SeededGenerator(seed: seed, subject: "flip", turn: requests)
        data = Distortion.flip(data, &draws)
      }
      return data
    }
  }

  private func envelope(
    _ outcome: Result<JSON, Refusal>, status: Int = 200, _ entry: inout RequestLog.Entry
  ) -> SimulatedResponse {
    var draws = SeededGenerator(seed: seed, subject: "request", turn: requests)
    let (code, data, message): (Int, JSON, String) =
      switch outcome {
      case .success(let data): (200, data, "成功")
      case .failure(let refusal): (refusal.code, .null, refusal.message)
      }
    entry.code = code
    let body: JSON = [
      "code": .integer(Int64(code)), "data": data, "developId": .string(developerID), "msg": .string(message),
      "requestId": .string(draws.hexadecimal(32)),
    ]
    return SimulatedResponse(status: status, body: body.bytes())
  }

  // MARK: Control

  private func control(_ request: SimulatedRequest, _ target: RequestTarget) -> SimulatedResponse {
    do throws(Refusal) {
      let body = try Marketplace.body(request.body)
      switch (request.method, target.path) {
      case ("GET", "/simulator/state"): return plain(summary())
      case ("GET", "/simulator/clock"): return plain(clockAnswer)
      case ("POST", "/simulator/clock"):
        try moveClock(body)
        return plain(clockAnswer)
      case ("GET", "/simulator/faults"): return plain(["faults": .string(desk.plan.text)])
      case ("POST", "/simulator/faults"):
        guard let text = body["faults"]?.string else { throw .missing("faults") }
        do throws(FaultPlanError) {
          desk.plan = try FaultPlan(parsing: text)
        } catch {
          throw .invalid("faults", error.description)
        }
        return plain(["faults": .string(desk.plan.text)])
      case ("POST", "/simulator/secret"):
        guard let secret = body["access_secret"]?.string, !secret.isEmpty else { throw .missing("access_secret") }
        reset(secret: secret)
        return plain(["access_key": .string(account.accessKey)])
      case ("GET", "/simulator/log"): return plain(log.latest(target["limit"].flatMap { Int($0) } ?? 100))
      default: throw .unknown("control", "\(request.method) \(target.path)")
      }
    } catch {
      let body: JSON = ["error": .string(error.message)]
      return SimulatedResponse(status: error.code == 404 ? 404 : 400, body: body.bytes())
    }
  }

  private var clockAnswer: JSON { ["now": .string(CivilTime.rfc3339(clock.now)), "now_ms": .integer(clock.now)] }

  private func plain(_ body: JSON) -> SimulatedResponse { SimulatedResponse(body: body.bytes()) }

  private func moveClock(_ body: JSON) throws(Refusal) {
    if let step = body["advance"] {
      guard let span = step.integer ?? step.string.flatMap({ Span.parse($0) }), (0...3650 * Span.day).contains(span)
      else {
        throw .invalid("advance", "is a span of time such as 48h or 90m, up to ten years")
      }
      advance(by: span)
    } else if let target = body["now"] {
      guard let instant = target.integer ?? target.string.flatMap({ CivilTime.parse($0) }),
        instant < CivilTime.end
      else {
        throw .invalid("now", "is an instant such as 2026-11-01T00:00:00Z, or milliseconds")
      }
      guard move(to: instant) else { throw .invalid("now", "lies in the past; time does not run back") }
    } else {
      throw .missing("advance or now")
    }
  }
}
