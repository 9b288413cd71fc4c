import Journal

/// What the journal has of what a run said. A replay says it again; it is recorded once.
struct RecordedNotes {
  private var notes: [NotePlace: Note] = [:]
  private var repeated = 0
  /// What became of writes that waited, by the step that they are, the latest last.
  private(set) var outcomes: [StepPath: [Decision]] = [:]

  /// What is recorded, in the order in which it was.
  init(_ recorded: [Note]) {
    for note in recorded {
      switch note.content {
      case .outcome(let decision): outcomes[decision.step, default: []].append(decision)
      // The run says it, and no script.
      case .dispatch: break
      case .decision, .log, .report: notes[note.place] = note
      }
    }
  }

  /// The note as it is to be recorded: nil where it is already. A decision that differs from the recorded one, because
  /// its step was taken anew, is an outcome of it.
  mutating func new(_ note: Note) -> Note? {
    guard let known = notes[note.place] else { return note }
    guard known.content != note.content else {
      repeated += 1
      return nil
    }
    guard case .decision(let decision) = note.content else { return note }
    return decision == outcomes[decision.step]?.last ? nil : outcome(decision)
  }

  /// The note that says what became of a write that waited; it takes the place of the earlier decision.
  mutating func outcome(_ decision: Decision) -> Note {
    outcomes[decision.step, default: []].append(decision)
    return Note(
      after: decision.step, ordinal: -(outcomes[decision.step]?.count ?? 1), content: .outcome(decision))
  }

  func note(at place: NotePlace) -> Note? { notes[place] }

  /// Whether exactly that is recorded.
  func has(_ note: Note) -> Bool { notes[note.place]?.content == note.content }

  /// How many were said otherwise than they are recorded, or were not said.
  ///
  /// What the run itself said of a write that it waits with, and that has no result, is said by no script.
  ///
  /// - Parameter isRecorded: whether a step has a result.
  func differing(_ isRecorded: (StepPath) -> Bool) -> Int {
    let waiting = notes.values.count { note in
      guard case .decision(let decision) = note.content else { return false }
      return decision.kind == .waiting && !isRecorded(decision.step)
    }
    return notes.count - repeated - waiting
  }
}

/// Where in a run a note stands: behind a step, and the how-manieth there.
struct NotePlace: Hashable {
  let after: StepPath
  let ordinal: Int
}

extension Note {
  var place: NotePlace { NotePlace(after: after, ordinal: ordinal) }

  /// Whether it stands before another in the run: a branch's notes between the steps that they follow and precede, and
  /// those after a step that opened branches behind all that these said.
  func isBefore(_ other: Note) -> Bool {
    order.lexicographicallyPrecedes(other.order)
  }

  private var order: [Int] {
    // The paths of branches have an even number of ordinals, those of steps an odd one.
    after.ordinals + [after.ordinals.count.isMultiple(of: 2) ? 0 : Int.max, ordinal]
  }
}
