/// The counts of a sweep.
struct SweepTally: Sendable {
  /// Which trials are printed.
  enum Verbosity {
    case nothing
    case failures
    case all
  }

  private(set) var trials = 0
  private(set) var crashes = 0
  private var resumes = 0
  private var intended = 0
  private var effected = 0
  private(set) var doubles = 0
  private var lost = 0
  private(set) var failures = 0

  /// Counts a trial, and prints it where that is wanted.
  mutating func add(_ outcome: TrialOutcome, verbosity: Verbosity) {
    trials += 1
    crashes += outcome.crashes
    resumes += outcome.resumes
    intended += outcome.verdict.intended
    effected += outcome.verdict.effected
    doubles += outcome.verdict.doubles
    lost += outcome.verdict.lost
    let problems = outcome.verdict.problems
    if !problems.isEmpty { failures += 1 }
    guard verbosity == .all || verbosity == .failures && !problems.isEmpty else { return }
    print("\(problems.isEmpty ? "ok" : "FAILED") \(outcome.trial)")
    for place in outcome.places { print("  ended at \(place)") }
    for problem in problems { print("  \(problem)") }
    if !problems.isEmpty { print("  again: crash-test --only \(outcome.trial)") }
  }

  /// The counts as lines.
  var text: String {
    """
    trials           \(trials)
    crashes          \(crashes)
    resumes          \(resumes)
    writes intended  \(intended)
    writes effected  \(effected)
    doubles          \(doubles)
    lost             \(lost)
    failed trials    \(failures)
    """
  }
}
