import Foundation
import JSON
import Marketplace

/// What came of one trial.
struct TrialOutcome: Sendable {
  let trial: Trial
  var verdict = Verdict()
  /// How many workers were ended.
  var crashes = 0
  /// How many workers went on with a run that another had begun.
  var resumes = 0
  /// Where workers were ended, in words.
  var places: [String] = []
  /// How far the runs came.
  var states: [RunState] = []
  /// For each worker process: the places it passed, the moments the simulator saw, and what it took.
  var processes: [(places: Int, moments: Int, time: Duration)] = []
  /// What took effect, by name.
  var effects: Set<String> = []
}

/// Carries trials out: a fresh world and a fresh store each, workers that may be ended, and people.
struct TrialRunner: Sendable {
  /// How many times as fast as the machine's the clock runs.
  var factor: Int64 = 1000
  /// Where trials keep their stores.
  let folder: URL
  /// Leaves intents out of the journal.
  var forgetsIntents = false
  /// The most workers that one trial starts.
  private static let limit = 40
  /// The most of them that are ended.
  private static let crashLimit = 4

  /// Carries a trial out until its run is finished.
  ///
  /// - Parameter expected: the undisturbed run; nil where this is it.
  func run(_ trial: Trial, expected: Expectation?) async throws -> TrialOutcome {
    guard let workload = Workload.all.first(where: { $0.name == trial.workload }),
      FaultMix.all.indices.contains(trial.faults)
    else { throw SweepFailure("there is no trial \(trial)") }
    let place = folder.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let clock = FastClock(start: Workload.start, origin: MarketplaceClock.uptime, factor: factor)
    let shop = try await Shop(workload, clock: clock, faults: FaultMix.all[trial.faults].faults)
    let outcome: TrialOutcome
    do {
      outcome = try await carryOut(trial, workload, shop, clock, in: place, expected)
    } catch {
      await shop.close()
      throw error
    }
    await shop.close()
    // A failed trial's store is kept: it is what explains it.
    if outcome.verdict.problems.isEmpty { try? FileManager.default.removeItem(at: place) }
    return outcome
  }

  private func carryOut(
    _ trial: Trial, _ workload: Workload, _ shop: Shop, _ clock: FastClock, in place: URL, _ expected: Expectation?
  ) async throws -> TrialOutcome {
    var outcome = TrialOutcome(trial: trial)
    var draws = Draws(state: trial.seed)
    var deeds: [WorkerJob.Deed] = []
    for number in 0..<Self.limit {
      let kill = next(trial, number, &draws, outcome, expected)
      let hasRival = trial.seed != 0 && draws.next() % 5 == 0
      var job = job(workload, shop, clock, number, in: place)
      if case .place(let fuse) = kill { job.fuse = fuse }
      job.start -= FaultMix.all[trial.faults].clockGoesBack * Int64(number)
      job.deeds = deeds
      let rival = try hasRival ? self.rival(of: job, number, in: place) : nil
      let (end, time) = try await work(job, number, kill, shop, in: place)
      if let rival, await rival.end(after: nil) != .exited(0) {
        outcome.verdict.problems.append("the rival of worker \(number) ended badly")
      }
      if number > 0 { outcome.resumes += 1 }
      let trace = (try? String(contentsOfFile: job.trace, encoding: .utf8)) ?? ""
      let places = trace.split(separator: "\n")
      let moments = shop.moments
      outcome.processes.append((places.count, moments.count, time))
      switch end {
      case .killed:
        outcome.crashes += 1
        let last = moments.killedAt ?? places.last.map(String.init) ?? "its start"
        outcome.places.append("\(number):\(kill.map(\.description) ?? "?") \(last)")
        try await shop.settle()
        continue
      case .hung: outcome.verdict.problems.append("worker \(number) did not end within \(Child.patience)")
      case .exited(let status) where status != 0:
        let log = (try? String(contentsOf: place.appending(path: "log-\(number)"), encoding: .utf8)) ?? ""
        outcome.verdict.problems.append("worker \(number) ended with exit code \(status): \(log.suffix(800))")
      case .exited:
        let told = try JSON(parsing: Array(Data(contentsOf: URL(filePath: job.outcome))))
        outcome.states = told.array?.map(RunState.init) ?? []
        deeds = []
        if hasRival, outcome.states.contains(where: \.isHeld) { continue }
        if let run = outcome.states.first(where: \.isHeld)?.run {
          outcome.verdict.problems.append("\(run) is held, and nobody is there to hold it")
          break
        }
        let people = People(workload: workload)
        deeds = outcome.states.flatMap { people.deeds(for: $0, seeing: shop.writes) }
        if !deeds.isEmpty { continue }
        let before = outcome.verdict.problems
        outcome.verdict = Verdict(
          outcome.states, shop.exchanges, expected: expected, workload: workload,
          isExact: !workload.isShort || FaultMix.all[trial.faults].faults.isEmpty)
        outcome.verdict.problems = before + outcome.verdict.problems
      }
      outcome.effects = Set(shop.exchanges.filter(\.tookEffect).map(Verdict.name))
      if !outcome.verdict.problems.isEmpty { outcome.verdict.problems.append("its store is in \(place.path)") }
      return outcome
    }
    outcome.verdict.problems.append("not finished after \(Self.limit) workers; its store is in \(place.path)")
    return outcome
  }

  /// How the worker of that number is to be ended.
  private func next(
    _ trial: Trial, _ number: Int, _ draws: inout Draws, _ outcome: TrialOutcome, _ expected: Expectation?
  ) -> Kill? {
    if number == trial.process { return trial.kill }
    guard number > trial.process, trial.seed != 0, outcome.crashes < Self.crashLimit, let expected else { return nil }
    guard draws.next() % 2 == 0 else { return nil }
    let like = expected.processes[min(number, expected.processes.count) - 1]
    switch draws.next() % 4 {
    case 0: return .time(Int(draws.next() % 400) + 20)
    case 1: return like.moments > 0 ? .moment(Int(draws.next() % UInt64(like.moments)) + 1) : nil
    default: return like.places > 0 ? .place(Int(draws.next() % UInt64(like.places)) + 1) : nil
    }
  }

  private func job(_ workload: Workload, _ shop: Shop, _ clock: FastClock, _ number: Int, in place: URL) -> WorkerJob {
    let account = shop.simulator.account
    var job = WorkerJob(
      folder: place.path, workload: workload.name, baseURL: shop.simulator.baseURL, accessKey: account.accessKey,
      accessSecret: account.accessSecret, userID: account.userID, start: clock.start, origin: clock.origin,
      factor: clock.factor, fuse: nil, trace: place.appending(path: "trace-\(number)").path,
      outcome: place.appending(path: "outcome-\(number)").path)
    job.forgetsIntents = forgetsIntents
    return job
  }

  /// A second process that takes up the same runs at the same time; it is not ended.
  private func rival(of job: WorkerJob, _ number: Int, in place: URL) throws -> Child {
    var job = job
    job.fuse = nil
    job.trace += "-rival"
    job.outcome += "-rival"
    let file = place.appending(path: "job-\(number)-rival")
    try Data(job.json.bytes()).write(to: file)
    return try Child(job: file, log: place.appending(path: "log-\(number)-rival"))
  }

  private func work(
    _ job: WorkerJob, _ number: Int, _ kill: Kill?, _ shop: Shop, in place: URL
  ) async throws -> (end: Child.End, time: Duration) {
    let file = place.appending(path: "job-\(number)")
    try Data(job.json.bytes()).write(to: file)
    shop.beginCounting()
    let began = ContinuousClock.now
    let child = try Child(job: file, log: place.appending(path: "log-\(number)"))
    var limit: Duration?
    switch kill {
    case .moment(let moment): shop.end(child.id, atMoment: moment)
    case .time(let milliseconds): limit = .milliseconds(milliseconds)
    case .place, nil: break
    }
    let end = await child.end(after: limit)
    shop.spare()
    return (end, ContinuousClock.now - began)
  }
}

/// Why the sweep itself cannot go on.
struct SweepFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Numbers drawn from a seed (SplitMix64), the same on every machine.
struct Draws: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
