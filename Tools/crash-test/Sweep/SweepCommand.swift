import ArgumentParser
import Foundation
import Synchronization

/// The sweep: many trials, one line for each that failed, and the counts.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Runs trials until so many workers were ended.",
    discussion: """
      Every trial has a world and a store of its own. Its worker is ended at one place: before or after the journal is
      written, before a request leaves, on its arrival, when it is carried out and not answered, after its answer; or at
      any time. The workers that resume the run may be ended as well. Then what took effect in the simulator, and what
      the run came to, is held against an undisturbed run.

      Examples:
        crash-test --crashes 200
        crash-test --only refunds/0/0:p17/5 --keep /tmp/trial
      """)

  @Option(help: "End at least so many workers.")
  var crashes = 200

  @Option(help: "What trials are drawn from.")
  var seed: UInt64 = 1

  @Option(help: "How many trials at once.")
  var jobs = 2

  @Option(help: "How many times as fast as the machine's the clock runs.")
  var speed: Int64 = 1000

  @Option(help: "One workload only.")
  var workload: String?

  @Option(help: "One trial, by its name.")
  var only: String?

  @Option(help: "The folder for stores; those of failed trials stay.")
  var keep: String?

  @Flag(help: "Leave intents out of the journal: the sweep must find doubles, and fails where it does not.")
  var sabotage = false

  @Flag(help: "Print a line for every trial.")
  var verbose = false

  func run() async throws {
    let folder = keep.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory.appending(path: "ebb-sweep")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var runner = TrialRunner(folder: folder)
    runner.factor = speed
    let names = try names()
    let baselines = try await baselines(names, runner)
    runner.forgetsIntents = sabotage
    var tally = SweepTally()
    if let only {
      guard let trial = Trial(only) else { throw ValidationError("--only is like refunds/0/0:p17/5") }
      tally.add(try await runner.run(trial, expected: baselines[trial.workload]), verbosity: .all)
    } else {
      tally = try await sweep(SweepPlan(baselines: baselines, seed: seed), runner, baselines)
    }
    if sabotage {
      guard tally.doubles > 0 else { throw SweepFailure("no double was found, though no intent was kept") }
      return print("without intents: \(tally.crashes) crashes, \(tally.doubles) doubles found, as there must be")
    }
    print(tally.text)
    if tally.failures > 0 { throw ExitCode.failure }
  }

  private func names() throws -> [String] {
    let wanted = workload ?? only.flatMap { Trial($0)?.workload }
    let names = Workload.all.map(\.name)
    guard let wanted else { return names }
    guard names.contains(wanted) else { throw ValidationError("the workloads are \(names.joined(separator: ", "))") }
    return [wanted]
  }

  /// Each workload's undisturbed run, which must be in order itself.
  private func baselines(_ names: [String], _ runner: TrialRunner) async throws -> [String: Expectation] {
    var baselines: [String: Expectation] = [:]
    for name in names {
      let outcome = try await runner.run(Trial(workload: name, faults: 0), expected: nil)
      guard outcome.verdict.problems.isEmpty else {
        throw SweepFailure(
          "\(name) fails undisturbed:\n  \(outcome.verdict.problems.joined(separator: "\n  "))")
      }
      baselines[name] = Expectation(effects: outcome.effects, states: outcome.states, processes: outcome.processes)
      if verbose {
        let counts = outcome.processes.map { "\($0.places) places, \($0.moments) moments, \($0.time)" }
        print("\(name): \(outcome.effects.count) writes; \(counts.joined(separator: "; "))")
      }
    }
    return baselines
  }

  private func sweep(
    _ plan: SweepPlan, _ runner: TrialRunner, _ baselines: [String: Expectation]
  ) async throws -> SweepTally {
    let progress = SweepProgress(plan, crashes: crashes, verbosity: sabotage ? .nothing : verbose ? .all : .failures)
    try await withThrowingTaskGroup { group in
      for _ in 0..<max(1, jobs) {
        group.addTask {
          while let trial = progress.next() {
            progress.add(try await runner.run(trial, expected: baselines[trial.workload]))
          }
        }
      }
      try await group.waitForAll()
    }
    return progress.tally
  }
}

/// What the trials that run at once share.
private final class SweepProgress: Sendable {
  private let state: Mutex<(plan: SweepPlan, tally: SweepTally)>
  private let crashes: Int
  private let verbosity: SweepTally.Verbosity

  init(_ plan: SweepPlan, crashes: Int, verbosity: SweepTally.Verbosity) {
    state = Mutex((plan, SweepTally()))
    self.crashes = crashes
    self.verbosity = verbosity
  }

  var tally: SweepTally { state.withLock(\.tally) }

  func next() -> Trial? {
    state.withLock { $0.tally.crashes < crashes ? $0.plan.next() : nil }
  }

  func add(_ outcome: TrialOutcome) {
    state.withLock { $0.tally.add(outcome, verbosity: verbosity) }
  }
}
