import Foundation
import Catalogue
import JSON
import Journal
import Lua
import PandaPon

/// One execution of a playbook for one profile: a new run, or a recorded one that goes on. ``RunAdvance`` makes it.
///
/// It lives on a thread of Ebb's own, together with its Lua state. The decisions are made by values (``BranchTree``,
/// ``Replay``, ``WriteMachine``, ``WritePolicy``); this actor carries out what they answer: it resumes branches, hands out
/// work, and commits results before a script sees them.
///
/// Results are delivered one at a time, in the order in which they were committed, each once no branch can go on by
/// itself. A recorded run is first played again from its journal by the same rule, and so shows the script the same.
actor Run {
  private let thread = LuaThread.next()
  let assignment: RunAssignment
  let surroundings: RunSurroundings
  let started: Milliseconds
  let mode: Mode

  var world: ScriptWorld?
  let script: RunScript
  var policy: WritePolicy
  var recent = RecentReads()
  /// The world with the writes captured so far, where the run only plans.
  var plan: PlanWorld?

  var replay: Replay
  /// Whether all that is recorded was delivered: from here on the world is asked.
  var isLive: Bool
  /// What the script asked for while its journal was played, or while a dead process's writes are settled, in its order.
  var postponed: [PendingStep] = []
  /// Writes that a dead process left unsettled, and that are being settled before anything else is begun.
  var settling: Set<StepPath> = []
  /// The effects that the journal knew of when this execution began, by path.
  let knownEffects: [StepPath: EffectRecord]
  /// The latest question of each step, as it stood then.
  let knownApprovals: [StepPath: Approval]
  /// How many copies of each message may have arrived, where it has no result.
  let knownDispatches: [StepPath: Dispatch]
  let knownStatus: RunStatus?
  /// Where the store was restored: the moment of the copy, and when this execution noticed.
  var forgotten: (since: Milliseconds, noticed: Milliseconds)?

  var ready = Fifo<(LuaBranch, LuaResumption)>()
  var deliveries = Fifo<Delivery>()
  var mainBranch = LuaBranch.main
  var places: [LuaBranch: (group: Int, index: Int)] = [:]
  var groups: [Int: (function: LuaFunction, parent: LuaBranch, latest: Milliseconds)] = [:]
  var failures: [Int: [Int: LuaError]] = [:]
  var pending: [StepPath: PendingStep] = [:]
  /// Writes that the script does not wait for.
  var deferred: [StepPath: DeferredWrite] = [:]
  /// When a timer in memory lets the run look at what rests there.
  var timed: [StepPath: Milliseconds] = [:]
  /// Whether anything has rested so far: a run of ten thousand branches that only read is not searched at every turn.
  var hasRested = false
  var jobs: [Job] = []
  var commits: [PendingCommit] = []
  let mailbox = Mailbox()

  var sequence: Int
  var steps = 0
  var reads: [String: Int] = [:]
  var writes: [StepPath: WriteRecord] = [:]
  var notices: [StepPath: NoticeRecord] = [:]
  /// How many messages the script has asked for.
  var noticesAsked = 0
  /// How many marks of messages are recorded: each has a place of its own.
  var marks = 0
  var requests = 0
  var awake = TimeAwake()
  var ending: Ending?
  var result: JSON?
  /// What the store failed with: from then on nothing is done any more.
  var storeFailure: JournalError?
  /// What is to be delivered next, while whoever watches the replay looks at it.
  var shown = -1

  /// Whether the world may be asked once the journal has nothing more.
  enum Mode {
    case live
    /// The journal alone answers; whoever watches is told before each result is delivered.
    case offline((any ReplayWatcher)?)

    var isWatched: Bool {
      if case .offline(.some) = self { true } else { false }
    }
  }

  /// Why no branch is resumed any more.
  enum Ending {
    case finished
    case failed(RunFailure)
    /// It waits, and so stops at once whatever else could be done.
    case halted(RunStatus.Wait)
    /// All that is left waits: it leaves memory.
    case evicted
    case cancelled
    /// A person interrupted it: someone has to resume it.
    case paused
    /// Its process ends: whoever comes next goes on.
    case left
    /// Another worker may advance it by now: nothing more is sent or recorded.
    case lost
    case diverged(Divergence)
    /// The journal ends here, and the world is not to be asked.
    case journalEnded

    /// Whether whoever resumes the run goes on with what was not sent.
    var isResumable: Bool {
      switch self {
      case .halted, .evicted, .paused, .left, .lost, .journalEnded: true
      case .finished, .failed, .cancelled, .diverged: false
      }
    }
  }

  /// What it means where its task is cancelled.
  var interruption: Ending { surroundings.isAttended ? .paused : .left }

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// A run that was not begun by this process.
  ///
  /// - Parameter history: what is recorded of it; nil for a new run.
  init(
    _ assignment: RunAssignment, started: Milliseconds, history: RunHistory? = nil, mode: Mode = .live,
    in surroundings: RunSurroundings
  ) {
    self.assignment = assignment
    self.surroundings = surroundings
    self.started = started
    self.mode = mode
    replay = Replay(history?.steps ?? [], effects: history?.effects ?? [])
    isLive = history == nil
    sequence = history?.steps.last?.sequence ?? 0
    knownStatus = history?.record.status
    knownEffects = Dictionary(
      (history?.effects ?? []).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    knownApprovals = Dictionary(
      (history?.approvals ?? []).map { ($0.path, $0) }, uniquingKeysWith: { _, latest in latest })
    knownDispatches = Dictionary(
      (history?.notes ?? []).compactMap { note in
        if case .dispatch(let dispatch) = note.content { (note.after, dispatch) } else { nil }
      }, uniquingKeysWith: { _, latest in latest })
    marks = (history?.notes ?? []).count { note in
      if case .dispatch = note.content { true } else { false }
    }
    script = RunScript(
      assignment, started: started, notes: history?.notes ?? [], isWatched: mode.isWatched,
      observer: surroundings.observer)
    if case .plan = surroundings.writes { plan = PlanWorld() }
    policy = WritePolicy(assignment)
    policy.announced = knownEffects.values.count { $0.state.isLive || $0.state == .confirmed }
  }

  /// Runs to the end, or as far as it can go without waiting for long.
  ///
  /// Where its task is cancelled no branch is resumed any more, writes in flight finish, and the run is left paused.
  ///
  /// - Throws: ``JournalError`` where the store fails; what was not committed is not reported.
  func execute(under lease: Lease) async throws(JournalError) -> Advance {
    surroundings.leases.keep(lease, for: mailbox)
    forgotten = lease.doubtSince.map { (since: $0, noticed: surroundings.clock.now()) }
    // What was asked while nobody held the run comes with a renewal.
    if knownStatus != nil { await surroundings.leases.renew(lease) }
    begin()
    await drive(under: lease)
    surroundings.leases.drop(assignment.id)
    if let storeFailure { throw storeFailure }
    return advanced(to: try await close(lease))
  }

  /// Made where nothing is awaited any more: the report's copies would stay in the frame for as long as the run waits.
  @inline(never)
  private func advanced(to status: RunStatus) -> Advance { .advanced(report(status: status)) }

  // What waits keeps the frames of all functions above it. A run may wait for days beside ten thousand others, so these
  // functions are kept apart and small: one that is inlined into another widens its frame by kilobytes.

  @inline(never)
  func drive(under lease: Lease?) async {
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { group in
        await advance(under: lease, in: &group)
      }
    } onCancel: {
      mailbox.post(.interrupted)
    }
  }

  @inline(never)
  func begin() {
    do throws(LuaError) {
      let world = try ScriptWorld(
        catalogue: surroundings.catalogue, texts: ScriptTexts(assignment.version), limits: assignment.limits,
        seed: RunScript.seed(run: assignment.id, path: StepPath()), host: script)
      let zone = assignment.zone
      world.lua.zoneOffset = { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0))) }
      if let lines = surroundings.lines { world.lua.observeLines(lines) }
      self.world = world
      let main = world.lua.start(try world.main(), seed: RunScript.seed(run: assignment.id, path: StepPath()))
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
    /// Whoever watches the replay looks at the next result.
    case show
    /// Nothing is left to do.
    case over
  }

  @inline(never)
  private func advance(under lease: Lease?, in group: inout DiscardingTaskGroup) async {
    while storeFailure == nil {
      switch turn(in: &group) {
      case .commit: if let lease { await flush(under: lease) }
      case .pause: await Task.yield()
      case .arrival:
        take(await mailbox.take())
      case .show: await show()
      case .over: return group.cancelAll()
      }
    }
    group.cancelAll()
  }

  /// Does all that can be done without waiting.
  @inline(never)
  private func turn(in group: inout DiscardingTaskGroup) -> Turn {
    if Task.isCancelled, ending == nil { ending = interruption }
    // What is to be committed comes first: an intent on its way must not be forgotten by an end.
    if commits.isEmpty { take(mailbox.takeArrived()) }
    runReady()
    if !isLive { takeUpWithoutTheScript() }
    // A replay that came to its end leaves alone what the run itself would go on with: writes that wait for people.
    if case .offline = mode, ending != nil, ready.isEmpty, deliveries.isEmpty { return .over }
    wakeWrites()
    beginPostponed()
    for job in jobs { hand(out: job, to: &group) }
    jobs = []
    if case .lost? = ending { return .over }
    if !commits.isEmpty { return .commit }
    if ending == nil {
      if mode.isWatched, stopToShow() != nil { return .show }
      if !ready.isEmpty || !deliveries.isEmpty || !replay.isOver { return .pause }
    } else {
      abandonReads()
      if !commits.isEmpty { return .commit }
    }
    if isIdle, !goesOnSoon {
      if ending == nil { ending = .evicted }
      return .over
    }
    if let timer = timer() { hand(out: timer, to: &group) }
    return .arrival
  }

  @inline(never)
  private func take(_ arrived: [Completion]) {
    // What a cancelled task brings back, such as a sleep cut short, is no result.
    if Task.isCancelled, ending == nil { ending = interruption }
    if ending != nil { abandonReads() }
    for completion in arrived { handle(completion) }
  }

  /// Once no branch goes on, only writes in flight are waited for.
  private func abandonReads() {
    pending = pending.filter { _, step in
      switch step.work {
      case .write(let machine, _): return machine.isAnnounced
      case .notice(let machine): return machine.isLeaving
      case .none, .read, .plan, .wait, .question, .store: return false
      }
    }
    if case .cancelled? = ending { dropUnsent() }
  }

  // MARK: Committing

  /// Records the result of a step; it is delivered when its turn comes.
  ///
  /// - Parameters:
  ///   - before: entries to be recorded with it, ahead of it.
  ///   - decision: what an `act` decided; it counts from the delivery on.
  func deliver(
    _ pendingStep: PendingStep, _ result: StepAnswer, attempts: Int, before: [Entry] = [], decision: Decision? = nil
  ) {
    pending[pendingStep.path] = nil
    sequence += 1
    let instant = max(surroundings.clock.now(), script.now(in: pendingStep.branch))
    let step = pendingStep.recorded(result.journaled, sequence: sequence, instant: instant, attempts: attempts)
    let note = decision.map { script.place(.decision($0), in: pendingStep.branch) }
    let notes = script.takeNotes() + (note.flatMap(script.uncommitted).map { [$0] } ?? [])
    commits.append(
      PendingCommit(
        entries: before + [Entry(.step(step), notes: notes, instant: instant)],
        then: .deliver(Delivery(step, for: pendingStep, decision: note))))
  }

  @inline(never)
  private func flush(under lease: Lease) async {
    let batch = commits
    commits = []
    do throws(JournalError) {
      settle(batch, try await surroundings.journal.commit(batch.flatMap(\.entries), under: lease))
    } catch {
      storeFailure = error
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
        ending = .lost
        return
      }
      if commit.then.isJudgedByItsWrite {
        // A refused intent or question is the machine's to judge.
      } else if let reason = own.lazy.compactMap(\.contradiction).first {
        ending = .failed(RunFailure(message: "the journal refused a result: \(reason)"))
        continue
      }
      switch commit.then {
      case .announced(let path):
        guard let outcome = own.last else { continue }
        if let step = pending[path], case .plan = step.work {
          didAnnounce(outcome, of: step)
        } else {
          didAnnounce(outcome, at: path)
        }
      case .asked(let path):
        if let outcome = own.last { didAsk(outcome, at: path) }
      case .answered(let step):
        guard case .answered(let answered)? = own.last else { continue }
        pending[step.path] = nil
        deliveries.append(Delivery(answered, for: step, decision: nil))
      case .marked(let path): didMark(at: path)
      case .deliver(let delivery): deliveries.append(delivery)
      case .nothing: break
      }
    }
  }
}
