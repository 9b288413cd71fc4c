import JSON
import Journal

/// Messages to people: steps that are marked before they leave.
extension Run {
  // MARK: Beginning

  /// Begins a message, or goes on with one that waited.
  func notify(_ step: PendingStep, _ notice: Notice, number: Int) {
    surroundings.observer(.step(Notice.step, count: steps))
    guard number <= Notice.most else {
      return conclude(step, notice, .raised(NoticeMachine.tooMany.fields), outcome: .guard)
    }
    if plan != nil { return list(step, notice) }
    guard case .live = surroundings.notices else {
      let failure = NoticeMachine.unknown(notice.channel, among: [])
      return conclude(step, notice, .raised(failure.fields), outcome: .invalid)
    }
    var machine: NoticeMachine
    if case .notice(let known) = step.work {
      machine = known
    } else {
      machine = NoticeMachine(notice, digest: step.digest, known: knownDispatches[step.path])
    }
    let action = machine.begin()
    keep(machine, at: step.path)
    perform(action, at: step.path)
  }

  /// In a plan it is listed, once it is known that there is such a channel.
  private func list(_ step: PendingStep, _ notice: Notice) {
    guard case .listed = surroundings.notices else { return didList(step, notice) }
    keep(NoticeMachine(notice, digest: step.digest, known: nil), at: step.path)
    jobs.append(.admit(step.path, channel: notice.channel))
  }

  private func didList(_ step: PendingStep, _ notice: Notice) {
    note(NoticeRecord(notice, path: step.path, outcome: "planned"))
    deliver(step, .returned([["planned": true]]), attempts: 1)
  }

  // MARK: The machine

  func admit(_ path: StepPath, to channel: String, in group: inout DiscardingTaskGroup) {
    let mailbox = mailbox
    switch surroundings.notices {
    case .live(let notifier):
      group.addTask { mailbox.post(.admitted(path, await notifier.admit(to: channel))) }
    case .listed(let directory):
      group.addTask {
        let known = await directory.channels()
        let isKnown = known?.contains(channel) ?? true
        mailbox.post(.admitted(path, isKnown ? .granted : .unknown(known ?? [])))
      }
    case .none: mailbox.post(.admitted(path, .unknown([])))
    }
  }

  func send(_ notice: OutgoingNotice, at path: StepPath, in group: inout DiscardingTaskGroup) {
    guard case .live(let notifier) = surroundings.notices else { return }
    // Another worker may hold the run since, and would send it as well.
    guard surroundings.leases.holds(assignment.id) else {
      ending = .lost
      return
    }
    let mailbox = mailbox
    group.addTask {
      // A message that left must be waited for, also when the run is cancelled.
      let sending = Task { await notifier.send(notice) }
      mailbox.post(.notified(path, await sending.value))
    }
  }

  func didAdmit(_ admission: NoticeAdmission, at path: StepPath) {
    guard let step = pending[path], case .notice(var machine) = step.work else { return }
    if plan != nil {
      guard case .unknown(let channels) = admission else { return didList(step, machine.notice) }
      let failure = NoticeMachine.unknown(machine.notice.channel, among: channels)
      return conclude(step, machine.notice, .raised(failure.fields), outcome: .invalid)
    }
    let action = machine.didAdmit(admission, at: surroundings.clock.now())
    keep(machine, at: path)
    perform(action, at: path)
  }

  func didMark(at path: StepPath) {
    guard let step = pending[path], case .notice(var machine) = step.work else { return }
    let action: NoticeMachine.Action?
    if ending != nil, machine.isLeaving {
      // The run stops: what was marked did not leave.
      action = machine.recall()
    } else {
      action = machine.didMark()
    }
    keep(machine, at: path)
    if let action { perform(action, at: path) }
    if machine.phase == .over { pending[path] = nil }
  }

  func didSend(_ outcome: NoticeOutcome, at path: StepPath) {
    guard let step = pending[path], case .notice(var machine) = step.work else { return }
    let action = machine.didSend(outcome, at: surroundings.clock.now())
    keep(machine, at: path)
    perform(action, at: path)
  }

  private func keep(_ machine: NoticeMachine, at path: StepPath) { pending[path]?.work = .notice(machine) }

  private func perform(_ action: NoticeMachine.Action, at path: StepPath) {
    guard let step = pending[path], case .notice(let machine) = step.work else { return }
    switch action {
    case .admit: jobs.append(.admit(path, channel: machine.notice.channel))
    case .mark(let dispatch):
      marks += 1
      let mark = Note(after: path, ordinal: -marks, content: .dispatch(dispatch))
      let entry = Entry(.notes, notes: [mark] + script.takeNotes(), instant: surroundings.clock.now())
      commits.append(PendingCommit(entries: [entry], then: .marked(path)))
    case .send(let isRepeated):
      jobs.append(
        .notify(
          path,
          OutgoingNotice(
            machine.notice, at: path, of: assignment.id, zone: assignment.zone, isRepeated: isRepeated)))
    case .pause(let instant): pause(path, for: .api, until: instant)
    case .conclude(let answer):
      var outcome: ScriptFailure.Code?
      if case .raised(let fields) = answer { outcome = ScriptFailure(fields: fields)?.code }
      conclude(step, machine.notice, answer, outcome: outcome, attempts: max(1, machine.attempts))
    }
  }

  /// - Parameter outcome: the code of the error; nil where it was sent.
  private func conclude(
    _ step: PendingStep, _ notice: Notice, _ answer: StepAnswer, outcome: ScriptFailure.Code?, attempts: Int = 1
  ) {
    var isRepeated = false
    if case .returned(let values) = answer { isRepeated = values.first?["repeated"] == true }
    note(
      NoticeRecord(notice, path: step.path, outcome: outcome?.rawValue ?? "sent", isRepeated: isRepeated))
    deliver(step, answer, attempts: attempts)
  }

  /// Lists a message, and tells whoever watches.
  private func note(_ record: NoticeRecord) {
    notices[record.path] = record
    surroundings.observer(.notice(record))
  }
}
