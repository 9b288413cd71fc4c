import Catalogue
import Console
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks
import Scheduling
import ServiceLifecycle
import Workers

/// What `ebb serve` runs: schedules, events and runs of one store, from one folder of playbooks, until it is told to stop.
struct Service: Sendable {
  let store: SQLiteStore
  let shelf: PlaybookShelf
  let keeper: ScheduleKeeper
  let dispatcher: EventDispatcher
  let workers: RunWorkers
  let waker: CredentialWaker
  let proposals: ScheduleProposals
  let driver: RunDriver
  let log: ServeLog
  private let metrics: ServiceMetrics

  /// How often the folder is looked at.
  private static let interval = Duration.seconds(2)

  init(
    _ store: SQLiteStore, folder: String, configuration: Configuration, catalogue: Catalogue,
    limits: RunQueue.Limits, registry: MetricsRegistry, log: ServeLog, by: String
  ) throws {
    self.store = store
    self.log = log
    let metrics = ServiceMetrics(registry)
    self.metrics = metrics
    store.observeCommits { time, _ in metrics.committed(in: time) }
    var driver = RunDriver(
      store, configuration: configuration, catalogue: catalogue,
      shops: Shops(configuration) { metrics.called($0) })
    driver.isAttended = false
    self.driver = driver
    let zone = try configuration.timeZone()
    let shelf = PlaybookShelf(folder: folder, catalogue: catalogue)
    self.shelf = shelf
    let runs = ServedRuns(shelf: shelf, store: store, driver: driver, zone: zone, by: by)
    keeper = ScheduleKeeper(
      store, source: runs,
      terms: { schedule in
        do throws(ScheduleProblem) {
          return try ScheduleTerms(schedule.terms, zone: zone.identifier, days: DaysFile(configuration.folder).text)
        } catch {
          log.unkept(schedule.key.name, error)
          return nil
        }
      },
      observe: { observation in
        switch observation {
        case .accounted(let rows):
          metrics.accounted(rows)
          log.occurrences(rows)
        case .late(let milliseconds): metrics.late(milliseconds)
        case .failed(let key, let reason):
          metrics.failed("schedules")
          log.failed("schedule", key?.description ?? "all", reason)
        }
      })
    dispatcher = EventDispatcher(
      store, source: runs,
      observe: { observation in
        switch observation {
        case .dispatched(let event, let deliveries):
          metrics.delivered(deliveries)
          log.dispatched(event, deliveries)
        case .failed(let reason):
          metrics.failed("events")
          log.failed("dispatch", "events", reason)
        }
      })
    workers = RunWorkers(
      store, advancer: ServedAdvance(driver: driver, store: store, log: log, metrics: metrics), limits: limits,
      observe: { observation in
        switch observation {
        case .depth(let waiting, let running): metrics.depth(waiting: waiting, running: running)
        case .failed(let reason):
          metrics.failed("runs")
          log.failed("store", "runs", reason)
        }
      })
    waker = CredentialWaker(store)
    proposals = ScheduleProposals(
      shelf: shelf, store: store, keeper: keeper, zone: zone.identifier, log: log, by: by)
  }

  /// Reads the playbooks, and brings what they propose into the store.
  func prepare() async throws {
    for news in await shelf.look() { log.news(news) }
    try await proposals.bring()
  }

  /// What is amiss; nil when all is well.
  func readiness() async -> String? {
    do {
      _ = try await store.schedules()
      return nil
    } catch {
      return "the store cannot be read"
    }
  }

  /// Its parts, in the order in which they begin; they end the other way round, so that nothing is begun that nobody would
  /// carry on. Runs that are under way when their part ends are left where whoever comes next goes on.
  func parts() async -> [any ServiceLifecycle.Service] {
    let changes = await store.changes()
    let credentials = driver.configuration.profiles.keys.sorted().map { profile in
      ServedLoop { await watchCredentials(of: profile) }
    }
    let loops = [
      ServedLoop { await prune() },
      ServedLoop { await workers.run() },
      ServedLoop { await listen(to: changes) },
      ServedLoop { await dispatcher.run() },
      ServedLoop { await keeper.run() },
      ServedLoop { await watchFolder() },
    ]
    return [ServedEnd { await driver.close() }] + credentials + loops
  }

  /// Wakes who has to do something about what changed, here or in another process.
  private func listen(to changes: AsyncStream<Change>) async {
    for await change in changes {
      switch change {
      case .agenda: await bringProposals()
      case .event: dispatcher.ring()
      case .run(_, .running), .effect: break
      case .run(let run, .waiting(.credentials)): await wake { () throws(JournalError) in try await waker.waits(run) }
      case .run: workers.ring()
      }
    }
  }

  /// Wakes a shop's runs that wait for credentials: once now, since they may have changed while nobody served, and
  /// whenever they change.
  private func watchCredentials(of profile: String) async {
    await wake { () throws(JournalError) in try await waker.changed(profile) }
    if let source = try? driver.configuration.credentialSource(for: profile) {
      for await _ in source.changes() {
        await wake { () throws(JournalError) in try await waker.changed(profile) }
      }
    }
    // Those of the environment never change. A part that ended would take the whole with it.
    try? await gracefulShutdown()
  }

  private func wake<Result>(_ work: () async throws(JournalError) -> Result) async {
    do throws(JournalError) {
      _ = try await work()
    } catch {
      log.failed("store", "credentials", "\(error)")
    }
  }

  private func watchFolder() async {
    while !Task.isCancelled {
      guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
      let news = await shelf.look()
      for line in news { log.news(line) }
      if !news.isEmpty { await bringProposals() }
    }
  }

  private func bringProposals() async {
    do {
      try await proposals.bring()
    } catch {
      log.failed("schedules", "headers", ServedAdvance.reason(error))
    }
  }

  /// Nothing grows for ever (G22).
  private func prune() async {
    while !Task.isCancelled {
      _ = try? await store.pruneDaily(at: SystemClock().now())
      guard (try? await Task.sleep(for: .seconds(3600))) != nil else { return }
    }
  }
}
