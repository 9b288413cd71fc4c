import Foundation
import Catalogue
import JSON
public import Journal
import Lua
import PandaPon

/// One execution of a playbook for one profile.
///
/// It lives on a thread of Ebb's own, together with its Lua state. The decisions are made by values (``BranchTree``,
/// ``WriteMachine``, ``WritePolicy``); this actor carries out what they answer: it resumes branches, hands out work, and
/// commits results before a script sees them. Results are delivered in the order in which they were committed.
public actor Run {
  private let thread = LuaThread.next()
  let assignment: RunAssignment
  let surroundings: RunSurroundings
  let started: Milliseconds

  var world: ScriptWorld?
  let script: RunScript
  var policy: WritePolicy
  var recent = RecentReads()

  var ready: [(LuaBranch, LuaResumption)] = []
  var mainBranch = LuaBranch.main
  var places: [LuaBranch: (group: Int, index: Int)] = [:]
  var groups: [Int: (function: LuaFunction, parent: LuaBranch, latest: Milliseconds)] = [:]
  var failures: [Int: [Int: LuaError]] = [:]
  var pending: [StepPath: PendingStep] = [:]
  /// Writes that the script does not wait for.
  var deferred: [StepPath: DeferredWrite] = [:]
  var jobs: [Job] = []
  var commits: [PendingCommit] = []
  let mailbox = Mailbox()

  var sequence = 0
  var steps = 0
  var reads: [String: Int] = [:]
  var writes: [StepPath: WriteRecord] = [:]
  var requests = 0
  var asleep = TimeAsleep()
  var ending: Ending?
  var result: JSON?

  /// Why no branch is resumed any more.
  enum Ending {
    case finished
    case failed(RunFailure)
    case halted(RunStatus.Wait)
    case cancelled

    /// Whether whoever resumes the run goes on with what was not sent.
    var isResumable: Bool {
      switch self {
      case .halted: true
      case .finished, .failed, .cancelled: false
      }
    }
  }

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// A run that has not begun.
  public init(_ assignment: RunAssignment, in surroundings: RunSurroundings) {
    self.assignment = assignment
    self.surroundings = surroundings
    started = surroundings.clock.now()
    script = RunScript(assignment, started: started, observer: surroundings.observer)
    policy = WritePolicy(guards: assignment.guards, run: assignment.id)
  }

  /// Runs to the end, or as far as it can go without a person.
  ///
  /// Where its task is cancelled no branch is resumed any more, writes in flight finish, and the report says so.
  ///
  /// - Throws: ``JournalError`` where the store fails; what was not committed is not reported.
  public func execute() async throws(JournalError) -> RunReport {
    guard let lease = try await open() else {
      return report(status: .running, failure: RunFailure(message: "another worker advances this run"))
    }
    begin()
    if let failure = await drive(under: lease) { throw failure }
    return try await close(lease)
  }

  // What waits keeps the frames of all functions above it. A run may wait for days beside ten thousand others, so these
  // functions are kept apart and small: one that is inlined into another widens its frame by kilobytes.

  @inline(never)
  private func open() async throws(JournalError) -> Lease? {
    let record = RunRecord(
      id: assignment.id, playbook: assignment.name, version: RunScript.digest("version", version),
      profile: assignment.profile, trigger: assignment.trigger, parameters: .object(assignment.parameters),
      started: started, status: .running)
    let request = LeaseRequest(worker: surroundings.worker, instant: started, length: assignment.maximumAwake)
    switch try await surroundings.journal.start(record, requiring: [], heldBy: request) {
    case .started(let lease): return lease
    case .exists: return try await surroundings.journal.acquire(assignment.id, request, displacing: nil)
    case .refused: return nil
    }
  }

  @inline(never)
  private func drive(under lease: Lease) async -> JournalError? {
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup(returning: JournalError?.self) { group in
        await advance(under: lease, in: &group)
      }
    } onCancel: {
      mailbox.post(.cancelled)
    }
  }

  @inline(never)
  private func close(_ lease: Lease) async throws(JournalError) -> RunReport {
    world = nil
    let status = finalStatus
    let entry = Entry(
      .status(status, wake: status.isFinal ? nil : nextWake), notes: script.takeNotes(),
      instant: surroundings.clock.now())
    let end = Entry(.release, instant: entry.instant)
    _ = try await surroundings.journal.commit([entry, end], under: lease)
    return report(status: status, failure: runFailure)
  }

  private var version: JSON { .string(String(decoding: assignment.source, as: UTF8.self)) }

  @inline(never)
  private func begin() {
    do throws(LuaError) {
      let world = try ScriptWorld(
        catalogue: surroundings.catalogue, modules: ModuleFolder(assignment.folder), limits: assignment.limits,
        seed: RunScript.seed(run: assignment.id, path: StepPath()), host: script)
      let zone = assignment.zone
      world.lua.zoneOffset = { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0))) }
      self.world = world
      let chunk = try world.lua.load(assignment.source, name: assignment.file, visibility: .script)
      let main = world.lua.start(chunk, seed: RunScript.seed(run: assignment.id, path: StepPath()))
      script.tree = BranchTree(main: main)
      mainBranch = main
      ready.append((main, .start([])))
    } catch {
      ending = .failed(RunFailure(error))
    }
  }

  // MARK: The loop

  /// What the loop has to wait for.
  private enum Turn {
    /// Entries are to be committed.
    case commit
    /// Others on the thread may run.
    case pause
    /// Work is handed out; something of it comes back.
    case arrival
    /// Nothing is left to do.
    case over
  }

  @inline(never)
  private func advance(under lease: Lease, in group: inout DiscardingTaskGroup) async -> JournalError? {
    while true {
      switch turn(in: &group) {
      case .commit:
        if let failure = await flush(under: lease) {
          group.cancelAll()
          return failure
        }
      case .pause: await Task.yield()
      case .arrival:
        take(await mailbox.take())
      case .over:
        group.cancelAll()
        return nil
      }
    }
  }

  /// Does all that can be done without waiting.
  @inline(never)
  private func turn(in group: inout DiscardingTaskGroup) -> Turn {
    if Task.isCancelled, ending == nil { ending = .cancelled }
    resumeReady()
    wakeWrites()
    for job in jobs { hand(out: job, to: &group) }
    jobs = []
    if !commits.isEmpty { return .commit }
    if !ready.isEmpty { return .pause }
    if ending != nil { abandonReads() }
    if !commits.isEmpty { return .commit }
    return isIdle ? .over : .arrival
  }

  @inline(never)
  private func take(_ arrived: [Completion]) {
    // What a cancelled task brings back, such as a sleep cut short, is no result.
    if Task.isCancelled, ending == nil { ending = .cancelled }
    if ending != nil { abandonReads() }
    for completion in arrived { handle(completion) }
  }

  /// Once no branch goes on, only writes in flight are waited for.
  private func abandonReads() {
    pending = pending.filter { _, step in
      if case .write(let machine, _) = step.work { return machine.isAnnounced }
      return false
    }
    if case .cancelled? = ending { dropUnsent() }
  }

  private func hand(out job: Job, to group: inout DiscardingTaskGroup) {
    let surroundings = surroundings
    let mailbox = mailbox
    switch job {
    case .read(let path, let operation, let arguments):
      guard let machine = machine(at: path), machine.isAnnounced else {
        group.addTask { mailbox.post(.answered(path, await surroundings.reader.read(operation, arguments))) }
        return
      }
      // A write that left is read back also when the run is cancelled.
      group.addTask {
        let reading = Task { await surroundings.reader.read(operation, arguments) }
        mailbox.post(.answered(path, await reading.value))
      }
    case .write(let path, let operation, let arguments):
      guard case .live(let writer) = surroundings.writes else { return }
      group.addTask {
        // A write that left must be waited for, also when the run is cancelled.
        let sending = Task { await writer.write(operation, arguments) }
        mailbox.post(.answered(path, await sending.value))
      }
    case .wait(let path, let instant) where machine(at: path) != nil:
      // A write is settled also when the run is cancelled.
      group.addTask {
        let waiting = Task { try? await surroundings.clock.sleep(until: instant) }
        await waiting.value
        mailbox.post(.waited(path))
      }
    case .wait(let path, let instant):
      group.addTask {
        try? await surroundings.clock.sleep(until: instant)
        mailbox.post(.waited(path))
      }
    }
  }

  // MARK: Committing and delivering

  func deliver(_ pendingStep: PendingStep, _ result: StepAnswer, attempts: Int, before: [Entry] = []) {
    pending[pendingStep.path] = nil
    sequence += 1
    let instant = max(surroundings.clock.now(), script.now(in: pendingStep.branch))
    let journaled = result.journaled
    let step = Step(
      path: pendingStep.path, name: pendingStep.name, digest: pendingStep.digest, result: journaled,
      sequence: sequence, instant: instant, attempts: attempts)
    let resumption: LuaResumption =
      switch (result, journaled) {
      case (.raised(let fields), _): .raises(LuaRaise(fields: fields))
      case (.returned, .returned(let values)): .returns(values)
      case (.returned, .raised): .returns([])
      }
    commits.append(
      PendingCommit(
        entries: before + [Entry(.step(step), notes: script.takeNotes(), instant: instant)],
        then: .deliver(pendingStep.branch, resumption, instant)))
  }

  @inline(never)
  private func flush(under lease: Lease) async -> JournalError? {
    let batch = commits
    commits = []
    do throws(JournalError) {
      settle(batch, try await surroundings.journal.commit(batch.flatMap(\.entries), under: lease))
      return nil
    } catch {
      return error
    }
  }

  /// Goes on with what was committed, in its order.
  @inline(never)
  private func settle(_ batch: [PendingCommit], _ outcomes: [EntryOutcome]) {
    var position = 0
    for commit in batch {
      let own = outcomes[position..<position + commit.entries.count]
      position += commit.entries.count
      if own.contains(.fenced) {
        ending = .failed(RunFailure(message: "another worker took this run over"))
        continue
      }
      if case .announced = commit.then {
        // A refused intent is the machine's to judge.
      } else if let reason = own.lazy.compactMap(\.contradiction).first {
        ending = .failed(RunFailure(message: "the journal refused a result: \(reason)"))
        continue
      }
      switch commit.then {
      case .announced(let path):
        if let outcome = own.last { didAnnounce(outcome, at: path) }
      case .deliver(let branch, let resumption, let instant):
        script.advance(branch, to: instant)
        ready.append((branch, resumption))
      case .nothing: break
      }
    }
  }

  // MARK: The end

  private var finalStatus: RunStatus {
    // Whatever became of the script, a run is not over while one of its writes is not settled.
    if let wait = writesWait { return .waiting(wait) }
    switch ending {
    case .failed?: return .failed
    case .cancelled?: return .cancelled
    case .halted(let wait)?: return .waiting(wait)
    case .finished?, nil: break
    }
    return script.decisions.contains { $0.kind == .failed } ? .failed : .succeeded
  }

  private var runFailure: RunFailure? {
    guard case .failed(let failure)? = ending else { return nil }
    return failure
  }

  private func report(status: RunStatus, failure: RunFailure?) -> RunReport {
    RunReport(
      run: assignment.id, playbook: assignment.name, title: assignment.header?.title, profile: assignment.profile,
      status: status, failure: failure, result: result, decisions: script.decisions, reads: reads,
      writes: writes.values.sorted { $0.path < $1.path }, steps: steps, reports: script.reports, started: started,
      ended: surroundings.clock.now())
  }
}
