import JSON
import Journal
import Playbooks

/// The last words of a command that advanced one run: its report, and what can be done where it did not end.
struct RunConclusion {
  let report: RunReport
  /// The script's file, for errors that have no line.
  let file: String
  let listsSubjects: Bool
  let json: Bool
  /// Whether a person ended the command, and not the run.
  let isInterrupted: Bool
  let time: LocalTime
  /// Where its tables were written to.
  var files: [String] = []

  /// The exit code.
  var status: ExitStatus { isInterrupted && !report.status.isFinal ? .interrupted : ExitStatus(report) }

  /// The report for machines.
  var document: JSON {
    var document = report.json
    if !files.isEmpty { document["report_files"] = .array(files.map(JSON.string)) }
    document["exit_code"] = .integer(Int64(status.rawValue))
    return document
  }

  /// Prints it and ends with its exit code.
  func conclude() throws {
    let terminal = Terminal.current
    if json {
      Terminal.print(document.text(.pretty))
    } else {
      Terminal.print(
        RunSummary(report: report, terminal: terminal, listsSubjects: listsSubjects, namesRun: true, files: files).text)
      if let divergence = report.divergence {
        Terminal.print("\n" + DivergenceText(divergence.json).text(terminal))
      }
    }
    if let words { Terminal.printError(words.text(style: terminal.errorStyle)) }
    if status != .done { throw status }
  }

  /// What stderr says beside the report.
  private var words: CommandFailure? {
    if isInterrupted, !report.status.isFinal {
      return CommandFailure(
        status, "interrupted; what the summary lists as written was written, the rest was not begun",
        hint: "`ebb runs resume \(report.run)` goes on, `ebb runs cancel \(report.run) --why …` ends it")
    }
    if report.divergence != nil {
      return CommandFailure(
        status, report.failure?.message ?? "the journal and the script no longer agree",
        hint: "nothing was sent; `ebb runs migrate \(report.run) --to FILE` moves it to code that fits its journal")
    }
    if let failure = report.failure { return CommandFailure(script: failure, file: file) }
    if let help = RunHelp(report.status, run: report.run, wake: report.wake, time) {
      return CommandFailure(status, help.message, hint: help.hint)
    }
    return json ? nil : failed
  }

  /// Subjects that failed, in a line that a person sees without looking for it.
  private var failed: CommandFailure? {
    let failed = report.decisions.filter { $0.kind == .failed }
    guard let first = failed.first else { return nil }
    return CommandFailure(
      .failed,
      "\(CountText.grouped(failed.count)) failed; the first, \(first.subject): \(first.detail ?? first.reason)",
      hint: listsSubjects ? nil : "--details lists every subject")
  }
}

/// What is missing for a run that waits, and which commands help.
struct RunHelp {
  let message: String
  let hint: String

  /// Nil where the run does not wait.
  init?(_ status: RunStatus, run: RunID, wake: Milliseconds?, _ time: LocalTime) {
    switch status {
    case .waiting(.approval):
      message = "\(run) waits for a person to approve"
      hint = "`ebb approvals list --run \(run)` shows what is asked; then `ebb runs resume \(run)`"
    case .waiting(.settlement) where wake == nil:
      message = "\(run) has a write in doubt that only a person can settle"
      hint = "`ebb effects list --unsettled --run \(run)` shows it; then `ebb runs resume \(run)`"
    case .waiting(.budget):
      message = "\(run) has reached its limits"
      hint = "`ebb runs resume \(run)` goes on once there is room: another day, or wider guards"
    case .waiting(.credentials):
      message = "\(run) waits: the profile's credentials were refused"
      hint = "`ebb profiles test` says which part is wrong; with the right ones, `ebb runs resume \(run)` goes on"
    case .waiting:
      message =
        "\(run) \(status == .waiting(.time) ? "sleeps" : "waits")" + (wake.map { " until \(time.text($0))" } ?? "")
      hint = "`ebb runs resume \(run)` goes on then"
    case .paused:
      message = "\(run) is paused"
      hint = "`ebb runs resume \(run)` goes on"
    case .cancelled:
      message = "\(run) was cancelled"
      hint = "`ebb runs show \(run)` says by whom, and what it had done"
    case .queued, .running, .succeeded, .failed, .diverged: return nil
    }
  }
}
