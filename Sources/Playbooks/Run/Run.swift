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
  private let assignment: RunAssignment
  private let surroundings: RunSurroundings
  private let started: Milliseconds

  private var world: ScriptWorld?
  private let script: RunScript
  private var policy: WritePolicy
  private var recent = RecentReads()

  private var ready: [(LuaBranch, LuaResumption)] = []
  private var groups: [Int: (function: LuaFunction, parent: LuaBranch)] = [:]
  private var failures: [Int: [Int: LuaError]] = [:]
  private var pending: [StepPath: PendingStep] = [:]
  private var jobs: [Job] = []
  private var commits: [PendingCommit] = []
  private var mailbox: [Completion] = []
  private var waiter: CheckedContinuation<Void, Never>?

  private var sequence = 0
  private var steps = 0
  private var writes: [WriteRecord] = []
  private var waits: Set<RunStatus.Wait> = []
  private var asleep: Milliseconds = 0
  private var ending: Ending?
  private var result: JSON?

  /// Why no branch is resumed any more.
  private enum Ending {
    case finished
    case failed(RunFailure)
    case halted(RunStatus.Wait)
    case cancelled
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
    let record = RunRecord(
      id: assignment.id, playbook: assignment.name, version: RunScript.digest("version", version),
      profile: assignment.profile, trigger: assignment.trigger, parameters: .object(assignment.parameters),
      started: started, status: .running)
    _ = try await surroundings.journal.start(record, requiring: [])
    guard
      let lease = try await surroundings.journal.acquire(
        assignment.id, by: "ebb", at: started, for: assignment.maximumAwake)
    else { return report(status: .running, failure: RunFailure(message: "another worker advances this run")) }

    begin()
    let failure = await withTaskCancellationHandler {
      await withDiscardingTaskGroup(returning: JournalError?.self) { group in
        await advance(under: lease, in: &group)
      }
    } onCancel: {
      Task { await self.post(.cancelled) }
    }
    world = nil
    if let failure { throw failure }
    let status = finalStatus
    let entry = Entry(.status(status), notes: script.takeNotes(), instant: surroundings.clock.now())
    _ = try await surroundings.journal.commit([entry], under: lease)
    try await surroundings.journal.release(lease)
    return report(status: status, failure: runFailure)
  }

  private var version: JSON { .string(String(decoding: assignment.source, as: UTF8.self)) }

  private func begin() {
    do throws(LuaError) {
      let world = try ScriptWorld(
        catalogue: surroundings.catalogue, modules: ModuleFolder(assignment.folder), limits: assignment.limits,
        seed: RunScript.seed(run: assignment.id, path: StepPath()), host: script)
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

  private var mainBranch = LuaBranch.main

  // MARK: The loop

  private func advance(under lease: Lease, in group: inout DiscardingTaskGroup) async -> JournalError? {
    while true {
      resumeReady()
      for job in jobs { hand(out: job, to: &group) }
      jobs = []
      if !commits.isEmpty {
        do throws(JournalError) {
          try await flush(under: lease)
        } catch {
          group.cancelAll()
          return error
        }
        continue
      }
      if !ready.isEmpty { continue }
      if ending != nil { abandonReads() }
      if pending.isEmpty {
        group.cancelAll()
        return nil
      }
      if mailbox.isEmpty { await withCheckedContinuation { waiter = $0 } }
      let arrived = mailbox
      mailbox = []
      for completion in arrived { handle(completion) }
    }
  }

  private func post(_ completion: Completion) {
    mailbox.append(completion)
    waiter?.resume()
    waiter = nil
  }

  /// Once no branch goes on, only writes in flight are waited for.
  private func abandonReads() {
    pending = pending.filter { _, step in
      if case .write(let machine, _) = step.work { return machine.isAnnounced }
      return false
    }
  }

  private func hand(out job: Job, to group: inout DiscardingTaskGroup) {
    let surroundings = surroundings
    switch job {
    case .read(let path, let operation, let arguments):
      group.addTask { await self.post(.answered(path, surroundings.reader.read(operation, arguments))) }
    case .write(let path, let operation, let arguments):
      group.addTask {
        // A write that left must be waited for, also when the run is cancelled.
        let sending = Task { await surroundings.writer.write(operation, arguments) }
        await self.post(.answered(path, sending.value))
      }
    case .wait(let path, let instant):
      group.addTask {
        try? await surroundings.clock.sleep(until: instant)
        await self.post(.waited(path))
      }
    }
  }

  // MARK: Resuming

  private func resumeReady() {
    while let (branch, resumption) = ready.first, ending == nil, let world {
      ready.removeFirst()
      world.lua.now = script.now(in: branch)
      switch world.lua.resume(branch, with: resumption) {
      case .suspended:
        if let asked = script.takeAsked() { begin(asked) }
      case .finished(let value):
        if branch == mainBranch {
          result = value.flatMap { try? JSON(parsing: $0) }
          ending = .finished
        } else {
          perform(script.tree.ended(branch, failed: false), after: branch, error: nil)
        }
      case .failed(let error):
        if branch == mainBranch || error.isLimit {
          ending = .failed(RunFailure(error))
        } else {
          perform(script.tree.ended(branch, failed: true), after: branch, error: error)
        }
      }
    }
    if ending != nil { ready = [] }
  }

  private func perform(_ actions: [BranchTree<LuaBranch>.Action], after ended: LuaBranch?, error: LuaError?) {
    if let ended {
      script.forget(ended)
      if let error, let place = endedPlaces.removeValue(forKey: ended) {
        failures[place.group, default: [:]][place.index] = error
      }
      endedPlaces[ended] = nil
    }
    for action in actions {
      switch action {
      case .open(let group, let index):
        guard let world, let opened = groups[group] else { continue }
        let path = script.tree.path(ofGroup: group).appending(index)
        let branch = world.lua.start(opened.function, seed: RunScript.seed(run: assignment.id, path: path))
        script.tree.opened(branch, group: group, index: index)
        script.inherit(branch, from: opened.parent)
        endedPlaces[branch] = (group, index)
        ready.append((branch, .start([.integer(Int64(index))])))
      case .complete(let group, let parent):
        close(group)
        ready.append((parent, .returns([])))
      case .fail(let group, let parent, let index):
        let error = failures[group]?[index]
        close(group)
        var fields =
          error?.value?.object ?? ["code": "script", "message": .string(error?.message ?? "a branch failed")]
        fields["branch"] = .integer(Int64(index))
        ready.append((parent, .raises(LuaRaise(fields: .object(fields)))))
      }
    }
  }

  private var endedPlaces: [LuaBranch: (group: Int, index: Int)] = [:]

  private func close(_ group: Int) {
    groups[group] = nil
    failures[group] = nil
  }

  // MARK: Beginning a step

  private func begin(_ asked: RunScript.Asked) {
    let branch = asked.branch
    if script.tree.mustStop(branch) {
      return perform(script.tree.ended(branch, failed: false), after: branch, error: nil)
    }
    if case .branches(let count, let concurrency, let function) = asked.request {
      let opened = script.tree.openGroup(from: branch, count: count, concurrency: concurrency)
      groups[opened.group] = (function, branch)
      return perform(opened.actions, after: nil, error: nil)
    }
    if case .act(let subject, _, _, _) = asked.request, let reason = script.stoppedReason {
      script.note(
        .decision(
          Decision(
            subject: subject.id, kind: .kept, reason: reason, amount: subject.charge, step: script.lastStep(of: branch))
        ),
        in: branch)
      return ready.append((branch, .returns(Self.refusal("stopped"))))
    }
    steps += 1
    let awake = surroundings.clock.now() - started - asleep
    guard steps <= assignment.maximumSteps, awake <= assignment.maximumAwake else {
      let limit = steps > assignment.maximumSteps ? "\(assignment.maximumSteps) steps" : "24 hours awake"
      ending = .failed(
        RunFailure(message: "the run reached its limit of \(limit)", position: asked.position, hint: nil, code: nil))
      return
    }
    let path = script.nextStep(in: branch)
    switch asked.request {
    case .call(let operation, let arguments):
      begin(operation, arguments, act: nil, branch, path)
    case .act(let subject, let reason, let operation, let arguments):
      begin(operation, arguments, act: PendingStep.Act(subject: subject, reason: reason), branch, path)
    case .wait(let instant, let name):
      let digest = RunScript.digest(name, ["until": .integer(instant)])
      pending[path] = PendingStep(branch: branch, path: path, name: name, digest: digest, work: .wait)
      asleep += max(0, instant - surroundings.clock.now())
      jobs.append(.wait(path, until: instant))
    case .branches, .header:
      break
    }
  }

  private func begin(
    _ operation: Operation, _ arguments: Arguments, act: PendingStep.Act?, _ branch: LuaBranch, _ path: StepPath
  ) {
    let digest = RunScript.digest(operation.id, arguments.script)
    surroundings.observer(.step(operation.id, count: steps))
    guard operation.effect == .write else {
      pending[path] = PendingStep(branch: branch, path: path, name: operation.id, digest: digest, work: .read)
      jobs.append(.read(path, operation, arguments))
      return
    }
    var machine = WriteMachine(
      operation: operation, arguments: arguments, catalogue: surroundings.catalogue, run: assignment.id, path: path,
      digest: digest, profile: assignment.profile, instant: surroundings.clock.now())
    let action = machine.begin(under: policy)
    pending[path] = PendingStep(
      branch: branch, path: path, name: operation.id, digest: digest, work: .write(machine, act: act))
    perform(action, at: path)
  }

  // MARK: Completions

  private func handle(_ completion: Completion) {
    switch completion {
    case .cancelled:
      if ending == nil { ending = .cancelled }
    case .waited(let path):
      guard let step = pending[path] else { return }
      deliver(step, .returned([]), attempts: 1)
    case .answered(let path, let outcome):
      guard let step = pending[path] else { return }
      switch step.work {
      case .read: finishRead(step, outcome)
      case .write(let machine, _): advance(machine, at: path, with: outcome)
      case .wait: break
      }
    }
  }

  private func finishRead(_ step: PendingStep, _ outcome: Outcome) {
    switch outcome {
    case .ok(let answer):
      recent.keep(answer, of: step.digest, at: surroundings.clock.now())
      deliver(step, .returned(answer.values), attempts: answer.attempts)
    case .rejected(let failure), .notSent(let failure), .unknown(let failure):
      guard let operation = surroundings.catalogue[step.name] else { return }
      deliver(step, .raised(failure.script(of: operation).fields), attempts: failure.attempts)
    }
  }

  private func advance(_ machine: WriteMachine, at path: StepPath, with outcome: Outcome) {
    var machine = machine
    let action: WriteMachine.Action
    switch machine.phase {
    case .readingBefore: action = machine.didReadBefore(outcome, under: policy)
    case .sending: action = machine.didSend(outcome)
    case .readingBack: action = machine.didReadBack(outcome)
    case .idle, .announcing: return
    }
    keep(machine, at: path)
    perform(action, at: path)
  }

  private func keep(_ machine: WriteMachine, at path: StepPath) {
    guard case .write(_, let act) = pending[path]?.work else { return }
    pending[path]?.work = .write(machine, act: act)
  }

  private func perform(_ action: WriteMachine.Action, at path: StepPath) {
    guard let step = pending[path], case .write(let machine, let act) = step.work else { return }
    switch action {
    case .readBefore(let request), .readBack(let request):
      guard let operation = surroundings.catalogue[request.operation],
        let arguments = try? operation.arguments(from: request.arguments)
      else {
        let failure = ScriptFailure(.guard, "\(request.operation) cannot be read: the catalogue's rule is wrong")
        return conclude(
          step, machine, act,
          WriteMachine.Conclusion(
            state: nil, result: .raised(failure.fields), decision: .failed, detail: failure.message))
      }
      let digest = RunScript.digest(operation.id, arguments.script)
      if case .readBefore = action, let known = recent.answer(of: digest, at: surroundings.clock.now()) {
        advance(machine, at: path, with: .ok(known))
      } else {
        jobs.append(.read(path, operation, arguments))
      }
    case .announce(let effect, let budgets):
      let entry = Entry(.intent(effect, budgets: budgets), notes: script.takeNotes(), instant: surroundings.clock.now())
      commits.append(PendingCommit(entries: [entry], then: .announced(path)))
    case .send:
      recent.forget()
      policy.announced += 1
      jobs.append(.write(path, machine.operation, machine.arguments))
    case .conclude(let conclusion):
      conclude(step, machine, act, conclusion)
    }
  }

  private func conclude(
    _ step: PendingStep, _ machine: WriteMachine, _ act: PendingStep.Act?, _ conclusion: WriteMachine.Conclusion
  ) {
    if let wait = conclusion.waits { waits.insert(wait) }
    if machine.isAnnounced || conclusion.waits != nil {
      writes.append(
        WriteRecord(
          operation: step.name, resource: machine.resource, path: step.path,
          outcome: conclusion.state?.rawValue ?? "waiting", charge: machine.effect.charge))
    }
    if let act {
      let failure = conclusion.raised
      script.note(
        .decision(
          Decision(
            subject: act.subject.id, kind: conclusion.decision,
            reason: conclusion.decision == .done ? act.reason : Self.reason(conclusion, failure, act),
            detail: conclusion.detail, amount: machine.effect.charge ?? act.subject.charge, step: step.path)),
        in: step.branch)
    }
    var settle: [Entry] = []
    if let state = conclusion.state, machine.isAnnounced {
      settle = [
        Entry(.settle(step.path, state, detail: conclusion.detail), instant: surroundings.clock.now())
      ]
    }
    let isBug = conclusion.raised.map { $0.code == .invalid || $0.code == .guard } ?? false
    if conclusion.waits == .budget {
      // What remains is parked and a person asked (G9): the script does not go on.
      pending[step.path] = nil
      if ending == nil { ending = .halted(.budget) }
      return
    }
    if act != nil, !isBug, let failure = conclusion.raised {
      deliver(step, .returned([.null, .string(failure.code.rawValue)]), attempts: conclusion.attempts, before: settle)
    } else {
      deliver(step, conclusion.result, attempts: conclusion.attempts, before: settle)
    }
  }

  /// The reason under which a write that was not done is counted: its error's code in words.
  private static func reason(
    _ conclusion: WriteMachine.Conclusion, _ failure: ScriptFailure?, _ act: PendingStep.Act
  ) -> String {
    switch (conclusion.decision, failure?.code) {
    case (.waiting, .held?): "waits for a person's approval"
    case (.waiting, .inDoubt?): "in doubt: it may have taken place"
    case (.waiting, _): "waits for a budget"
    case (.kept, _): "another write on it is not settled"
    case (_, .rejected?): "the marketplace refused it"
    case (_, .notFound?): "the marketplace does not know it"
    case (_, .unavailable?): "the marketplace cannot be reached"
    case (_, .guard?): "a guard forbids it"
    default: failure?.code.rawValue ?? act.reason
    }
  }

  private static func refusal(_ code: String) -> [[UInt8]] {
    [JSON.null.bytes(), JSON.string(code).bytes()]
  }

  // MARK: Committing and delivering

  private func deliver(_ pendingStep: PendingStep, _ result: Step.Result, attempts: Int, before: [Entry] = []) {
    pending[pendingStep.path] = nil
    sequence += 1
    let instant = max(surroundings.clock.now(), script.now(in: pendingStep.branch))
    let step = Step(
      path: pendingStep.path, name: pendingStep.name, digest: pendingStep.digest, result: result, sequence: sequence,
      instant: instant, attempts: attempts)
    let resumption: LuaResumption =
      switch result {
      case .returned(let values): .returns(values.map { $0.bytes() })
      case .raised(let fields): .raises(LuaRaise(fields: fields))
      }
    commits.append(
      PendingCommit(
        entries: before + [Entry(.step(step), notes: script.takeNotes(), instant: instant)],
        then: .deliver(pendingStep.branch, resumption, instant)))
  }

  private func flush(under lease: Lease) async throws(JournalError) {
    let batch = commits
    commits = []
    let outcomes = try await surroundings.journal.commit(batch.flatMap(\.entries), under: lease)
    var position = 0
    for commit in batch {
      let own = outcomes[position..<position + commit.entries.count]
      position += commit.entries.count
      if own.contains(.fenced) {
        ending = .failed(RunFailure(message: "another worker took this run over"))
        continue
      }
      switch commit.then {
      case .announced(let path):
        guard case .write(var machine, _)? = pending[path]?.work, let outcome = own.last else { continue }
        let action = machine.didAnnounce(outcome, under: policy)
        keep(machine, at: path)
        perform(action, at: path)
      case .deliver(let branch, let resumption, let instant):
        script.advance(branch, to: instant)
        ready.append((branch, resumption))
      case .nothing: break
      }
    }
  }

  // MARK: The end

  private var finalStatus: RunStatus {
    switch ending {
    case .failed?: return .failed
    case .cancelled?: return .cancelled
    case .halted(let wait)?: return .waiting(wait)
    case .finished?, nil: break
    }
    if waits.contains(.settlement) { return .waiting(.settlement) }
    if waits.contains(.approval) { return .waiting(.approval) }
    return script.decisions.contains { $0.kind == .failed } ? .failed : .succeeded
  }

  private var runFailure: RunFailure? {
    guard case .failed(let failure)? = ending else { return nil }
    return failure
  }

  private func report(status: RunStatus, failure: RunFailure?) -> RunReport {
    RunReport(
      run: assignment.id, playbook: assignment.name, title: assignment.header?.title, profile: assignment.profile,
      status: status, failure: failure, result: result, decisions: script.decisions, writes: writes, steps: steps,
      reports: script.reports, started: started, ended: surroundings.clock.now())
  }
}
