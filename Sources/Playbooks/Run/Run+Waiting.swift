import Journal

/// What rests: it goes on at an instant, or once a person has done something. While nothing else is left, the run leaves
/// memory.
extension Run {
  /// What rests, by path.
  var resting: [(path: StepPath, rest: PendingStep.Rest)] {
    guard hasRested else { return [] }
    var found: [(path: StepPath, rest: PendingStep.Rest)] = []
    for (path, step) in pending {
      if let rest = step.rest { found.append((path, rest)) }
    }
    for (path, write) in deferred {
      if let parking = write.machine.parking {
        found.append((path, PendingStep.Rest(wait: parking.wait, wake: parking.wake)))
      }
    }
    return found
  }

  /// Whether nothing is under way: what is left waits for its time or for a person.
  var isIdle: Bool {
    pending.values.allSatisfy { $0.rest != nil } && deferred.values.allSatisfy { $0.machine.parking != nil }
  }

  /// When the first of it goes on by itself; nil where all waits for someone.
  var nextWake: Milliseconds? { resting.compactMap(\.rest.wake).min() }

  /// What the run waits for. Credentials come first: nothing else of it can go on without them. Then what passes by
  /// itself, since whoever stays with the run then waits.
  var waitsFor: RunStatus.Wait? {
    let rests = resting.map(\.rest)
    if rests.contains(where: { $0.wait == .credentials }) { return .credentials }
    return Self.passing.first { wait in rests.contains { $0.wait == wait && $0.wake != nil } }
      ?? [.settlement, .approval, .budget, .time, .api].first { wait in
        rests.contains { $0.wait == wait }
      }
  }

  /// When something goes on that needs nobody; nil where only people can help, whatever time they are given.
  var ownWake: Milliseconds? {
    resting.filter { Self.passing.contains($0.rest.wait) }.compactMap(\.rest.wake).min()
  }

  /// Waits that may end by themselves.
  private static let passing: [RunStatus.Wait] = [.time, .api, .settlement]

  /// Whether something goes on by itself so soon that the run stays in memory for it.
  var goesOnSoon: Bool {
    switch ending {
    case nil, .finished?, .failed?: nextWake.map { $0 - surroundings.clock.now() <= surroundings.shortWait } ?? false
    case .halted?, .evicted?, .cancelled?, .paused?, .left?, .lost?, .diverged?, .journalEnded?: false
    }
  }

  /// What lets the run look at the first that rests, while it stays in memory.
  ///
  /// What waits for a person, or for its hours beside the script, is looked at when something else comes; a timer for it
  /// would be a wait of days that nobody waits for.
  func timer() -> Job? {
    let isIdle = isIdle
    // The time of a plan passes only when there is nothing else to do.
    if plan != nil, !isIdle { return nil }
    guard
      let next = resting.filter({ path, rest in
        rest.wake != nil && (isIdle || rest.wait != .approval && (rest.wait != .time || deferred[path] == nil))
      }).min(by: {
        ($0.rest.wake ?? 0, $0.path) < ($1.rest.wake ?? 0, $1.path)
      }),
      let wake = next.rest.wake, timed[next.path] != wake
    else { return nil }
    timed[next.path] = wake
    return .wait(next.path, until: wake)
  }

  /// Nothing is done for the step until then, or until a person did something.
  func pause(_ path: StepPath, for wait: RunStatus.Wait, until wake: Milliseconds?) {
    hasRested = true
    pending[path]?.pause = PendingStep.Rest(wait: wait, wake: wake)
  }

  /// A timer came to its end: a step that rested until then goes on.
  func didWait(for path: StepPath) {
    timed[path] = nil
    guard let step = pending[path], let pause = step.pause else { return didWait(at: path) }
    // A clock may be a little early.
    guard let wake = pause.wake, wake <= surroundings.clock.now() else { return }
    if case .wait = step.work { deliver(step, .returned([]), attempts: 1) } else { work(on: step) }
  }
}
