import JSON
import Journal
import Playbooks

/// Lets every run go on that can: `ebb runs resume --all`.
struct ResumeAll {
  let store: any Store
  let driver: RunDriver
  let level: RunDisplay.Level
  let json: Bool
  let time: LocalTime

  /// How many runs are advanced at once.
  private static let atOnce = 8

  /// What became of a run.
  private struct Ended: Sendable {
    let run: RunRecord
    var report: RunReport?
    /// Why it was left alone.
    var skipped: String?
    /// Why it could not be advanced at all.
    var failure: CommandFailure?
    var isInterrupted = false
    var waitsItsTurn = false

    var status: ExitStatus? {
      if let failure { return failure.status }
      if let report { return isInterrupted && !report.status.isFinal ? .interrupted : ExitStatus(report) }
      return nil
    }
  }

  func perform() async throws {
    let (candidates, skipped) = try await sorted()
    let (ended, _) = try await Interrupt.noticing {
      var ended: [Ended] = []
      var rest = candidates
      // What waited for its turn may go on once an earlier run has ended.
      while true {
        let round = await advance(rest)
        let inTurn = Set(round.filter(\.waitsItsTurn).map(\.run.id))
        let isStuck = inTurn.isEmpty || inTurn.count == rest.count || Task.isCancelled
        ended += round.filter { isStuck || !$0.waitsItsTurn }
        if isStuck { return ended }
        rest = rest.filter { inTurn.contains($0.id) }
      }
    }
    await driver.close()
    let order = Dictionary(
      uniqueKeysWithValues: candidates.enumerated().map { ($1.id, $0) })
    try conclude(ended.sorted { (order[$0.run.id] ?? 0) < (order[$1.run.id] ?? 0) } + skipped)
  }

  /// Advances runs, some at once.
  private func advance(_ runs: [RunRecord]) async -> [Ended] {
    let (driver, level) = (driver, level)
    return await withTaskGroup(of: Ended.self) { group in
      var ended: [Ended] = []
      var waiting = runs[...]
      while let next = waiting.popFirst() {
        if group.isCancelled { break }
        group.addTask { await Self.advance(next, driver, level, isOne: runs.count == 1) }
        if runs.count - waiting.count >= Self.atOnce, let one = await group.next() { ended.append(one) }
      }
      for await one in group { ended.append(one) }
      return ended
    }
  }

  /// The unfinished runs: those that can go on now, the longest due first, and those to be left alone, with the reason.
  private func sorted() async throws -> (candidates: [RunRecord], skipped: [Ended]) {
    let now = SystemClock().now()
    var filter = RunFilter()
    filter.statuses = ["queued", "running", "waiting", "paused"]
    filter.limit = .max
    var candidates: [RunRecord] = []
    var skipped: [Ended] = []
    for run in try await store.runs(filter).sorted(by: { ($0.wake ?? $0.started) < ($1.wake ?? $1.started) }) {
      if let holder = try await store.holder(of: run.id), holder.expires > now,
        WorkerIdentity(holder.worker)?.isGone != true
      {
        let worker = WorkerIdentity(holder.worker)?.text ?? holder.worker
        skipped.append(Ended(run: run, skipped: "advanced by \(worker)"))
      } else if run.status == .paused {
        skipped.append(Ended(run: run, skipped: "a person paused it"))
      } else if case .waiting = run.status, run.wake.map({ $0 > now }) ?? true {
        skipped.append(Ended(run: run, skipped: run.remark(time)))
      } else {
        candidates.append(run)
      }
    }
    return (candidates, skipped)
  }

  private static func advance(
    _ run: RunRecord, _ driver: RunDriver, _ level: RunDisplay.Level, isOne: Bool
  ) async -> Ended {
    let display = RunDisplay(level: level, prefix: isOne ? nil : run.id.text)
    defer { display.finish() }
    var ended = Ended(run: run)
    do {
      switch try await driver.resume(run, display) {
      case .advanced(let report): ended.report = report
      case .held(let lease):
        ended.skipped = "advanced by \(WorkerIdentity(lease.worker)?.text ?? lease.worker)"
      case .over(let record), .exists(let record): ended.skipped = "over: \(record.status.name)"
      case .inTurn:
        ended.waitsItsTurn = true
        ended.skipped = "waits for earlier runs of its playbook to end"
      case .plans: ended.skipped = "only plans: `ebb serve` does that"
      case .refused: break
      }
    } catch {
      ended.failure =
        switch error {
        case let own as CommandFailure: own
        case let store as JournalError: CommandFailure(store)
        default: CommandFailure(.failed, "\(error)")
        }
    }
    ended.isInterrupted = Task.isCancelled
    return ended
  }

  // MARK: The end

  private func conclude(_ all: [Ended]) throws {
    let status = ExitStatus.combined(all.map { $0.status ?? Self.status(of: $0.run, skipped: $0.skipped) })
    if json {
      Terminal.print(document(all, status).text(.pretty))
    } else {
      show(all)
    }
    for one in all {
      guard let failure = one.failure else { continue }
      var named = failure
      named.message = "\(one.run.id): \(failure.message)"
      Terminal.printError(named.text(style: Terminal.current.errorStyle))
    }
    if status != .done { throw status }
  }

  /// A run that was left alone counts as what it waits for; one that another process advances is that one's affair.
  private static func status(of run: RunRecord, skipped: String?) -> ExitStatus {
    switch run.status {
    case .waiting, .paused: ExitStatus(run.status, wake: run.wake)
    case .queued, .running, .succeeded, .failed, .cancelled, .diverged: .done
    }
  }

  private func document(_ all: [Ended], _ status: ExitStatus) -> JSON {
    [
      "runs": .array(
        all.compactMap { one in
          if let report = one.report {
            return RunConclusion(
              report: report, file: one.run.playbook, listsSubjects: false, json: true,
              isInterrupted: one.isInterrupted, time: time
            ).document
          }
          guard let failure = one.failure else { return nil }
          var document = one.run.document
          document["error"] = failure.document["error"]
          document["exit_code"] = .integer(Int64(failure.status.rawValue))
          return .object(document)
        }),
      "skipped": .array(
        all.compactMap { one in
          guard let reason = one.skipped else { return nil }
          var document = one.run.document
          document["reason"] = .string(reason)
          return .object(document)
        }),
      "exit_code": .integer(Int64(status.rawValue)),
    ]
  }

  private func show(_ all: [Ended]) {
    guard !all.isEmpty else { return Terminal.printError("every run is over") }
    let terminal = Terminal.current
    var table = Table([
      .fixed("RUN", role: .name), .flexible("PLAYBOOK", minimum: 12), .fixed("STATUS"), .fixed("DONE", .trailing),
      .fixed("FAILED", .trailing), .wrapping("", minimum: 16),
    ])
    for one in all {
      let report = one.report
      let status = report?.status ?? one.run.status
      let words =
        one.skipped.map { "left alone: " + $0 } ?? one.failure?.message
        ?? report.flatMap { RunHelp($0.status, run: $0.run, wake: $0.wake, time)?.message } ?? report?.failure?.message
        ?? ""
      table.append([
        one.run.id.text, one.run.playbook, status.name, report.map { "\($0.tally.count(.done))" } ?? "",
        report.map { "\($0.tally.count(.failed))" } ?? "", words,
      ])
    }
    Terminal.print(table.render(width: terminal.width, style: terminal.style))
  }
}
