import Foundation
import GRDB
import JSON
import Synchronization
import Testing

@testable import Journal

/// Two stores on one file are what two processes are to each other: they share nothing but the file.
@Suite struct ProcessTests {
  let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  /// They look for each other's changes when they are told to.
  private func stores(_ count: Int) throws -> [SQLiteStore] {
    var settings = SQLiteStore.Settings()
    settings.lookout = .seconds(86_400)
    return try (0..<count).map { _ in try SQLiteStore(path: folder.store, settings: settings) }
  }

  @Test func allThatWaitsIsInOneTransaction() async throws {
    let store = try SQLiteStore(path: folder.store)
    var leases: [Lease] = []
    for index in 0..<100 { leases.append(try await store.begin(RunID("r\(index)"))) }
    let before = store.writer.transactions
    let gate = DispatchSemaphore(value: 0)
    store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
    let outcomes = try await withThrowingTaskGroup(of: [EntryOutcome].self) { group in
      for lease in leases {
        group.addTask { try await store.commit([.step("1", 1), .step("1", 2)], under: lease) }
      }
      while store.writer.waiting < leases.count { await Task.yield() }
      gate.signal()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(store.writer.transactions == before + 1)
    // Each run's refusal is its own.
    #expect(outcomes.count == 100)
    for outcome in outcomes { #expect(outcome[0] == .committed && outcome[1].isConflict) }
    for lease in leases { #expect(try await store.steps(of: lease.run).count == 1) }
  }

  @Test func aRunThatIsNotKnownFailsAlone() async throws {
    let store = try SQLiteStore(path: folder.store)
    let lease = try await store.begin("a")
    let nobody = Lease(run: "none", worker: "w", epoch: 1, expires: 10)
    let before = store.writer.transactions
    let gate = DispatchSemaphore(value: 0)
    store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
    let failed = Task { try await store.commit([.step("1", 1)], under: nobody) }
    let recorded = Task { try await store.commit([.step("1", 1)], under: lease) }
    while store.writer.waiting < 2 { await Task.yield() }
    gate.signal()
    #expect(try await recorded.value == [.committed])
    await #expect(throws: JournalError.unknownRun("none")) { try await failed.value }
    #expect(store.writer.transactions == before + 1)
  }

  @Test func oneProcessGetsALease() async throws {
    let stores = try stores(3)
    for round in 0..<10 {
      let run = RunID("r\(round)")
      _ = try await stores[0].start(.sample(run.text), requiring: [])
      let leases = try await withThrowingTaskGroup(of: Lease?.self) { group in
        for (index, store) in stores.enumerated() {
          for worker in 0..<3 {
            group.addTask { try await store.acquire(run, by: "w\(index).\(worker)", at: 0, for: 100) }
          }
        }
        return try await group.reduce(into: [Lease]()) { leases, lease in leases += lease.map { [$0] } ?? [] }
      }
      #expect(leases.count == 1)
      #expect(try await stores[2].holder(of: run) == leases.first)
    }
  }

  @Test func oneRunGetsAClaimAndBudgetsHold() async throws {
    let stores = try stores(3)
    var work: [(SQLiteStore, Lease)] = []
    for index in 0..<30 { work.append((stores[index % 3], try await stores[index % 3].begin(RunID("r\(index)")))) }
    let cap = Budget(scope: "day", writes: 10, amount: .forgone(70))
    let outcomes = try await withThrowingTaskGroup(of: [EntryOutcome].self) { group in
      for (store, lease) in work {
        group.addTask {
          try await store.commit(
            [
              .intent(.sample(lease.run, "1", claims: ["same"])),
              .spend(2, .forgone(10), by: lease.run, within: [cap]),
            ], under: lease)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0[0] == .committed }.count == 1)
    #expect(outcomes.filter { $0[1] == .committed }.count == 7)
    #expect(try await stores[1].check().filter { $0.rule != "versions" }.isEmpty)
  }

  @Test func aSuccessorInAnotherProcessFencesAtOnce() async throws {
    let stores = try stores(2)
    let old = try await stores[0].begin("a", at: 0, for: 10)
    #expect(try await stores[0].commit([.step("1", 1)], under: old) == [.committed])
    let new = try #require(try await stores[1].acquire("a", by: "two", at: 10, for: 10))
    #expect(try await stores[0].commit([.step("2", 2)], under: old) == [.fenced])
    #expect(try await stores[1].commit([.step("2", 2)], under: new) == [.committed])
    #expect(try await stores[0].steps(of: "a").count == 2)
  }

  @Test func changesOfOtherProcessesAreTold() async throws {
    let stores = try stores(2)
    let stream = await stores[0].changes()
    let lease = try await stores[1].begin("a")
    _ = try await stores[1].commit(
      [.intent(.sample("a", "1/2")), .settle("1/2", .unknown), .status(.waiting(.settlement))], under: lease)
    _ = try await stores[0].start(.sample("own"), requiring: [])
    await stores[0].feed.look(for: true)
    await stores[0].feed.look(for: true)
    _ = try await stores[0].start(.sample("end"), requiring: [])
    var seen: [Change] = []
    for await change in stream {
      seen.append(change)
      if change == .run("end", .queued) { break }
    }
    #expect(
      seen == [
        .run("own", .queued), .run("a", .queued), .effect("a", "1/2", .intended), .effect("a", "1/2", .unknown),
        .run("a", .waiting(.settlement)), .run("end", .queued),
      ])
  }

  @Test func theListOfChangesStaysShort() async throws {
    let store = try SQLiteStore(path: folder.store)
    let lease = try await store.begin("a")
    for _ in 0..<10 {
      _ = try await store.commit(Array(repeating: .status(.running), count: 2000), under: lease)
    }
    #expect(try await store.statistics().rows("changes") < 13_000)
  }

  @Test func whoHoldsTheStoreTooLongIsNamed() async throws {
    var settings = SQLiteStore.Settings()
    settings.patience = .milliseconds(20)
    let store = try SQLiteStore(path: folder.store, settings: settings)
    let other = try SQLiteStore(path: folder.store)
    let (began, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    other.pool.asyncWriteWithoutTransaction { database in
      try? database.inTransaction(.immediate) {
        began.signal()
        end.wait()
        return .rollback
      }
    }
    await withCheckedContinuation { done in
      DispatchQueue.global().async {
        began.wait()
        done.resume()
      }
    }
    let error = await #expect(throws: JournalError.self) { try await store.begin("a") }
    #expect(error?.label == "busy")
    end.signal()
    _ = try await store.begin("a")
  }
}
