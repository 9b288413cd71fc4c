import Journal

/// The recorded part of a run, as it is played again: which results are still to be delivered, and which of them the
/// script asked for.
///
/// A value. A step is known by its path and the digest of its name and arguments (G2); results leave in the order in
/// which the run delivered them (G4).
struct Replay {
  /// What a step that the script asks for is.
  enum Answer: Equatable {
    /// Recorded: its result comes when its turn comes.
    case recorded
    /// Not recorded: to be done, once all that is recorded was delivered.
    case new
    case diverged(Divergence)
  }

  /// What is to be delivered next, now that no branch can go on.
  enum Next {
    case step(Step, PendingStep)
    /// All that is recorded was delivered.
    case over
    case diverged(Divergence)
  }

  /// In the order of delivery.
  private let steps: [Step]
  private let places: [StepPath: Int]
  private var asked: [StepPath: PendingStep] = [:]
  /// Writes that are announced and have no result yet: they are as much a part of the journal as steps are.
  private var announced: [StepPath: EffectRecord]
  /// How many results were delivered.
  private(set) var delivered = 0

  /// What is to be played of those steps; none for a new run.
  init(_ steps: [Step] = [], effects: [EffectRecord] = []) {
    self.steps = steps
    places = Dictionary(steps.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
    announced = Dictionary(effects.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    for path in places.keys { announced[path] = nil }
  }

  /// How many steps are recorded.
  var count: Int { steps.count }
  var isOver: Bool { delivered == steps.count }

  /// Whether the step of that path is recorded.
  func isRecorded(_ path: StepPath) -> Bool { places[path] != nil }

  /// The script asks for a step.
  mutating func ask(_ step: PendingStep) -> Answer {
    guard let place = places[step.path] else {
      guard let effect = announced.removeValue(forKey: step.path), effect.digest != step.digest else { return .new }
      return .diverged(Divergence(recorded: Divergence.Side(effect), asked: Divergence.Side(step)))
    }
    let known = steps[place]
    guard known.digest == step.digest else {
      return .diverged(Divergence(recorded: Divergence.Side(known), asked: Divergence.Side(step)))
    }
    asked[step.path] = step
    return .recorded
  }

  /// What is delivered next; without effect until ``deliver()``.
  func next() -> Next {
    guard delivered < steps.count else { return .over }
    let step = steps[delivered]
    guard let waiting = asked[step.path] else {
      return .diverged(Divergence(recorded: Divergence.Side(step), asked: nil))
    }
    return .step(step, waiting)
  }

  /// The next result was delivered.
  mutating func deliver() {
    asked[steps[delivered].path] = nil
    delivered += 1
  }

  /// What is recorded and was never asked for, now that the script has ended.
  func missing() -> Divergence? {
    if let step = steps[delivered...].first(where: { asked[$0.path] == nil }) {
      return Divergence(recorded: Divergence.Side(step), asked: nil)
    }
    let unsettled = announced.values.filter(\.state.isLive).min { $0.path < $1.path }
    return unsettled.map { Divergence(recorded: Divergence.Side($0), asked: nil) }
  }
}
