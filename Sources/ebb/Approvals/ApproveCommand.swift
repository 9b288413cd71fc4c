import ArgumentParser
import Foundation
import JSON
import Journal
import Playbooks

/// `ebb approve ID…`
struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Say yes to what a run asks.",
    discussion: """
      Shows what is approved, and asks on a terminal. The answer is bound to what was
      shown: before the write each resource is read again, and where it changed a new
      approval is asked. `ebb runs resume RUN` carries it out; what a run of
      `ebb serve` asks, and a plan of its, the service does.

      Example:
        ebb approve A12
        ebb approve --run 9f86d081 --yes --why "checked with the warehouse"
      """)

  @Argument(help: "The approvals' ids.")
  var approvals: [String] = []

  @Option(name: .customLong("run"), help: "All that this run asks.")
  var runName: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String?

  @Flag(help: "Do not ask on the terminal.")
  var yes = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let answer = Answer(approve: true, signature: try person.signature(why: why))
    try await answer.give(
      to: approvals, of: runName, in: store, asking: !yes && !output.json && Terminal.current.canAsk, output)
  }
}

/// `ebb reject ID… --why TEXT`
struct RejectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "Say no to what a run asks.",
    discussion: """
      What is rejected is not written: its subject ends as failed, with your words.
      The run takes note of it with `ebb runs resume RUN`.

      Example:
        ebb reject A12 --why "the buyer has sent the goods"
        ebb reject --run 9f86d081 --why "wrong list"
      """)

  @Argument(help: "The approvals' ids.")
  var approvals: [String] = []

  @Option(name: .customLong("run"), help: "All that this run asks.")
  var runName: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
  var why: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let answer = Answer(approve: false, signature: try person.signature(why: why))
    try await answer.give(to: approvals, of: runName, in: store, asking: false, output)
  }
}

/// A person's answer to some questions, each bound to the digest of what was shown.
private struct Answer {
  let approve: Bool
  let signature: Signature

  func give(
    to names: [String], of runName: String?, in options: StoreOptions, asking: Bool, _ output: OutputOptions
  ) async throws {
    guard names.isEmpty != (runName == nil) else {
      throw CommandFailure.usage(
        names.isEmpty ? "what is answered is not said" : "ids and --run exclude each other",
        hint: "name the approvals, as in A12, or the run with --run; `ebb approvals list` shows them")
    }
    let configuration = try Configuration.load()
    let store = try await options.open(.writing, in: configuration)
    let lookup = ApprovalLookup(store: store)
    var questions: [Approval] = []
    if let runName {
      let run = try await RunLookup(store: store).run(runName)
      questions = try await lookup.pending(of: run.id)
      guard !questions.isEmpty else {
        throw CommandFailure(.failed, "\(run.id) waits for no approval", label: "nothing_asked")
      }
    }
    for name in names { questions.append(try await lookup.approval(name)) }
    for question in questions where question.state != .pending {
      throw Self.isOver(question, LocalTime(try configuration.timeZone()))
    }
    if !output.json { try await show(questions, store, LocalTime(try configuration.timeZone())) }
    if asking { try confirm(questions.count) }
    try await decide(questions, in: store, LocalTime(try configuration.timeZone()), output)
  }

  private func show(_ questions: [Approval], _ store: any Store, _ time: LocalTime) async throws {
    for question in questions {
      let page = try await ApprovalPage(question, in: store, time)
      Terminal.print(page.text(Terminal.current) + "\n")
    }
  }

  private func confirm(_ count: Int) throws(CommandFailure) {
    Terminal.write("Approve \(count == 1 ? "this" : "these \(count)")? [y/N] ", to: STDERR_FILENO)
    guard let answer = readLine(), ["y", "yes", "是"].contains(answer.lowercased()) else {
      throw CommandFailure(.failed, "nothing was approved: it was not confirmed", label: "not_confirmed")
    }
  }

  private func decide(
    _ questions: [Approval], in store: any Store, _ time: LocalTime, _ output: OutputOptions
  ) async throws {
    var decided: [Approval] = []
    var failure: CommandFailure?
    for question in questions {
      switch try await store.decide(question.id, showing: question.digest, approve: approve, signature) {
      case .decided(let approval): decided.append(approval)
      case .isOver(let approval): failure = failure ?? Self.isOver(approval, time)
      case .changed(let approval):
        failure =
          failure
          ?? CommandFailure(
            .refused, "\(approval.id) is not what was shown any more: nothing was answered",
            hint: "`ebb approvals show \(approval.id)` shows it as it is now", label: "approval_changed")
      case .unknownApproval:
        failure = failure ?? CommandFailure(.failed, "there is no approval \(question.id)", label: "unknown_approval")
      }
    }
    if output.json {
      Terminal.print(JSON.object(["approvals": .array(decided.map(\.document))]).text(.pretty))
    } else if !decided.isEmpty {
      let ids = decided.map(\.id).joined(separator: ", ")
      Terminal.print("\(ids) \(approve ? "approved" : "rejected") by \(signature.by)")
      for run in Set(decided.map(\.run)).sorted(by: { $0.text < $1.text }) {
        let way = try await Self.way(on: run, decided.first { $0.run == run }?.plan != nil, in: store)
        Terminal.printError("\(approve ? "carry it out" : "let the run take note of it"): \(way)")
      }
    }
    if let failure { throw failure }
  }

  /// How a run goes on whose question was answered; one that plans is carried on by the service that made it.
  private static func way(on run: RunID, _ isPlan: Bool, in store: any Store) async throws -> String {
    guard isPlan else { return "ebb runs resume \(run)" }
    let file = try await store.run(run)?.result?["plan"]?.string
    return "`ebb serve` does" + (file.map { "; where none runs: ebb apply \($0)" } ?? "")
  }

  private static func isOver(_ approval: Approval, _ time: LocalTime) -> CommandFailure {
    CommandFailure(
      .failed, "\(approval.id) can no longer be answered: \(approval.standing(time))",
      hint: "`ebb approvals list` shows what waits", label: "approval_over")
  }
}
