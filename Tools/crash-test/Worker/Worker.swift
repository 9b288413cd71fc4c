import Catalogue
import JSON
import Journal
import Marketplace
import PandaPon
import Playbooks
import Redaction

/// Carries the runs of a workload on until they are finished or wait for people.
struct Worker {
  private let job: WorkerJob
  private let workload: Workload
  private let fuse: Fuse
  private let clock: FastClock

  init(_ job: WorkerJob) throws {
    guard let workload = Workload.all.first(where: { $0.name == job.workload }) else {
      throw SweepFailure("there is no workload \(job.workload)")
    }
    self.job = job
    self.workload = workload
    fuse = Fuse(blowingAt: job.fuse, trace: job.trace)
    clock = FastClock(start: job.start, origin: job.origin, factor: job.factor)
  }

  /// The run's name; its keys and random numbers come from it, so it is the same in every trial.
  private func id(_ number: Int) -> RunID { RunID("run-\(workload.name)-\(number)") }

  /// Carries the runs on; answers how far they came.
  func work() async throws -> [RunState] {
    let store = try SQLiteStore(path: job.folder + "/store.db")
    var findings = try await check(store, "as it was found")
    let journal = FusedJournal(base: store, points: fuse, forgetsIntents: job.forgetsIntents)
    let catalogue = try Catalogue.embedded()
    let client = try client()
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: client, writer: client, journal: journal, clock: clock)
    try await carryOut(job.deeds, in: store)
    let held = try await withThrowingTaskGroup { group in
      for number in 0..<workload.runs {
        group.addTask { (number, try await carryOn(number, catalogue, surroundings)) }
      }
      return try await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
    }
    var states: [RunState] = []
    for number in 0..<workload.runs {
      guard let history = try await store.history(of: id(number)) else {
        throw SweepFailure("\(id(number)) is not recorded")
      }
      var state = RunState(history)
      state.isHeld = held[number] ?? false
      states.append(state)
    }
    findings += try await check(store, "as it was left")
    states[0].findings = findings
    return states
  }

  /// What `ebb store check` would say now.
  private func check(_ store: SQLiteStore, _ moment: String) async throws -> [String] {
    try await store.check().map { "\(moment): \($0.rule): \($0.detail)" }
  }

  /// - Returns: whether another worker advances it.
  private func carryOn(
    _ number: Int, _ catalogue: Catalogue, _ surroundings: RunSurroundings
  ) async throws -> Bool {
    var advance = try await begin(number, catalogue, surroundings)
    if case .exists = advance { advance = try await RunAdvance.resume(id(number), in: surroundings) }
    advance = try await RunAdvance.stay(with: advance, in: surroundings)
    if case .held = advance { return true }
    return false
  }

  /// Starts the run; one that is recorded already is left as it is.
  private func begin(
    _ number: Int, _ catalogue: Catalogue, _ surroundings: RunSurroundings
  ) async throws -> Advance {
    let version = try PlaybookVersion(of: source(), file: workload.file, folder: nil, catalogue: catalogue)
    let header = try await HeaderReader(catalogue: catalogue).header(of: version)
    let world = workload.scenario.world(seed: Workload.seed, now: Workload.start)
    let assignment = try RunAssignment(
      id: id(number), version: version, header: header, parameters: workload.parameters(world, number),
      profile: "sweep")
    return try await RunAdvance.start(assignment, in: surroundings)
  }

  /// Does what people did, with fault points around it as well.
  private func carryOut(_ deeds: [WorkerJob.Deed], in store: SQLiteStore) async throws {
    for deed in deeds {
      fuse.pass("before \(deed)")
      let signature = Signature(by: "sweep", why: "looked at the marketplace", at: clock.now())
      switch deed {
      case .settle(let run, let text, let attempt, let state):
        let id = RunID(run)
        let path = StepPath(text.split(separator: "/").compactMap { Int($0) })
        let effect = try await store.effects(of: id).first { $0.path == path }
        guard effect?.attempt == attempt, effect?.state.isLive == true else { break }
        switch try await store.settle(id, path, as: state, signature) {
        // Held by a worker that died after these deeds: the run goes on first, and asks again.
        case .settled, .isSettled, .isHeld: break
        case .unknownEffect: throw SweepFailure("\(text) cannot be settled")
        }
      case .decide(let approval, let digest, let approve):
        switch try await store.decide(approval, showing: digest, approve: approve, signature) {
        case .decided, .isOver: break
        case .unknownApproval, .changed: throw SweepFailure("\(approval) cannot be answered")
        }
      }
      fuse.pass("after \(deed)")
    }
  }

  private func source() throws -> [UInt8] {
    if let source = workload.source { return Array(source.utf8) }
    guard let bytes = EmbeddedFile.bytes(workload.file) else {
      throw SweepFailure("this build has no \(workload.file)")
    }
    return bytes
  }

  /// The client of production, with fault points at its edge and waits that take no time.
  private func client() throws -> Client {
    var surroundings = Surroundings.live
    let clock = clock
    surroundings.sleep = { try await ContinuousClock().sleep(for: clock.real($0)) }
    let profile = try Profile(
      name: "sweep", baseURL: BaseURL(parsing: job.baseURL), userID: job.userID, deadline: .seconds(1))
    return Client(
      profile: profile,
      credentials: FixedCredentials(
        try Credentials(accessKey: job.accessKey, secret: SecretBytes(job.accessSecret.utf8))),
      transport: FusedTransport(base: HTTPTransport(), points: fuse), surroundings: surroundings)
  }
}
