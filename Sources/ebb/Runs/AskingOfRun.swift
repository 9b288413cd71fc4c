import Catalogue
import JSON
import Journal
import Playbooks

/// Cancelling or pausing a run: asked of whoever advances it, or done here where nobody does.
struct AskingOfRun {
  let request: RunRequest
  /// As the person named it.
  let run: String
  let signature: Signature
  let store: StoreOptions
  let json: Bool

  /// How long a process that advances the run may take to notice: it looks every 5 s.
  private static let patience: Milliseconds = 15_000

  func perform() async throws {
    let configuration = try Configuration.load()
    let catalogue = try Catalogue.forCommands()
    let store = try await store.open(.writing, in: configuration)
    let record = try await RunLookup(store: store).run(run)
    if request == .pause, record.status == .paused { return say(record) }
    guard try await store.request(request, of: record.id, signature) else {
      throw CommandFailure(
        .failed, "\(record.id) is over: \(record.status.name)", hint: "ebb runs show \(record.id)", label: "is_over")
    }
    try await StaleLease(store: store).clear(record.id)
    if let holder = try await store.holder(of: record.id), holder.expires > signature.instant {
      return try await wait(for: record.id, holder, in: store)
    }
    let driver = RunDriver(store, configuration: configuration, catalogue: catalogue)
    let display = RunDisplay(level: .warn)
    do {
      if record.plansOnly, let store = store as? SQLiteStore {
        _ = try await ServedPlans(driver: driver, store: store, log: ServeLog(format: .text, level: .none))
          .advance(record)
      } else {
        _ = try await driver.resume(record, display)
      }
    } catch {
      await driver.close()
      throw error
    }
    display.finish()
    await driver.close()
    guard let ended = try await store.run(record.id) else { throw JournalError.unknownRun(record.id) }
    say(ended)
  }

  /// The holder notices with its next renewal.
  private func wait(for run: RunID, _ holder: Lease, in store: any Store) async throws {
    let clock = SystemClock()
    let worker = WorkerIdentity(holder.worker)?.text ?? holder.worker
    while clock.now() < signature.instant + Self.patience {
      try await clock.sleep(until: clock.now() + 200)
      guard let record = try await store.run(run) else { throw JournalError.unknownRun(run) }
      if record.status.isFinal || record.status == .paused { return say(record) }
    }
    throw CommandFailure(
      .failed, "\(worker) was asked to \(request.rawValue) \(run), and has not done so yet",
      hint: "it does with its next step; `ebb runs show \(run)` says when", label: "asked")
  }

  private func say(_ run: RunRecord) {
    if json { return Terminal.print(JSON.object(run.document).text(.pretty)) }
    Terminal.print("\(run.id) is \(run.status.name)")
    if run.status == .paused { Terminal.printError("it goes on with: ebb runs resume \(run.id)") }
  }
}
