import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

@Suite(.timeLimit(.minutes(5))) struct LeaseTests {
  /// A heart that beats when the test says so.
  private final class Heart: Sendable {
    private let beats = AsyncStream<Void>.makeStream()

    func beat() { beats.continuation.yield() }
    @Sendable func pause() async throws {
      for await _ in beats.stream { return }
      throw CancellationError()
    }
  }

  private static let signature = Signature(by: "anna", at: 5)

  /// A stage on which the read of "slow" waits until the test lets it go, and a keeper with a heart of its own.
  private struct Scene {
    let stage: Stage
    let store = MemoryJournal()
    let heart = Heart()
    let come = AsyncStream<Void>.makeStream()
    let opened = AsyncStream<Void>.makeStream()
    let surroundings: RunSurroundings

    init() {
      let (come, opened) = (come, opened)
      let api = ScriptedAPI(
        read: { call in
          guard call.arguments.refundID == "slow" else { return .answer(.refund(call.arguments.refundID)) }
          come.continuation.yield()
          for await _ in opened.stream { break }
          return .answer(.refund("slow"))
        }, write: { _ in .answer(["cancelSuccess": true]) })
      var stage = Stage(api: api)
      stage.journal = store
      self.stage = stage
      surroundings = RunSurroundings(
        catalogue: catalogue, reader: api, writer: api, journal: store, clock: stage.clock, worker: "me",
        leases: LeaseKeeper(journal: store, clock: stage.clock, pause: heart.pause))
    }

    func start(_ source: String) async throws -> Task<Advance, any Error> {
      let assignment = try await stage.assignment(source)
      return Task { try await RunAdvance.start(assignment, in: surroundings) }
    }

    func arrival() async { for await _ in come.stream { break } }
    func open() { opened.continuation.yield() }
  }

  private static let source = "taobao.refunds.get('1') taobao.refunds.get('slow') taobao.refunds.get('2') return 'end'"

  @Test(arguments: [(RunRequest.cancel, RunStatus.cancelled), (.pause, .paused)])
  func aRunningRunIsAskedToStop(_ request: RunRequest, _ status: RunStatus) async throws {
    let scene = Scene()
    let task = try await scene.start(Self.source)
    await scene.arrival()
    #expect(try await scene.store.request(request, of: scene.stage.id, Self.signature))
    scene.heart.beat()
    let report = try #require(try await task.value.report)
    #expect(report.status == status)
    let record = try #require(await scene.store.run(scene.stage.id))
    #expect(record.status == status)
    #expect(try await scene.store.holder(of: scene.stage.id) == nil)
    scene.open()
    let again = try await RunAdvance.resume(scene.stage.id, in: scene.surroundings)
    guard status == .paused else {
      guard case .over = again else { return unexpected() }
      return
    }
    #expect(again.report?.result == "end")
    // Steps 2 and 3 alone were done: the first was recorded.
    #expect(scene.stage.api.calls.map(\.arguments.refundID) == ["1", "slow", "slow", "2"])
  }

  @Test func aRunThatNobodyHoldsIsCancelledByWhoeverTakesIt() async throws {
    let scene = Scene()
    let report = try await scene.start("taobao.refunds.get('1') sleep('1d') taobao.refunds.get('2')").value.report
    #expect(report?.status == .waiting(.time))
    #expect(try await scene.store.request(.cancel, of: scene.stage.id, Self.signature))
    #expect(await scene.store.due(before: scene.stage.clock.now()) == [scene.stage.id])
    let end = try await RunAdvance.resume(scene.stage.id, in: scene.surroundings).report
    #expect(end?.status == .cancelled && scene.stage.api.calls.count == 1)
    #expect(await scene.store.run(scene.stage.id)?.status == .cancelled)
  }

  @Test func whoLosesItsLeaseRecordsAndSendsNothingMore() async throws {
    let scene = Scene()
    let task = try await scene.start(
      "taobao.refunds.get('1') taobao.refunds.get('slow') act('3', 'x', taobao.refunds.cancel, '3')")
    await scene.arrival()
    let taken = try await scene.store.acquire(
      scene.stage.id, LeaseRequest(worker: "other", instant: scene.stage.clock.now(), length: 30_000), displacing: "me")
    #expect(taken?.worker == "other")
    scene.heart.beat()
    let report = try #require(try await task.value.report)
    #expect(report.status == .running && report.failure?.message == "another worker advances this run")
    #expect(scene.stage.api.count("taobao.refunds.cancel") == 0)
    #expect(await scene.store.history(of: scene.stage.id)?.steps.count == 1)
    #expect(try await scene.store.holder(of: scene.stage.id)?.worker == "other")
    scene.open()
  }

  @Test func afterItsLeaseHasRunOutAWriteIsNotSent() async throws {
    let scene = Scene()
    let task = try await scene.start("taobao.refunds.get('slow') act('3', 'x', taobao.refunds.cancel, '3')")
    await scene.arrival()
    scene.stage.clock.advance(by: 30_001)
    scene.open()
    #expect(try await task.value.report?.status == .running)
    #expect(scene.stage.api.count("taobao.refunds.cancel") == 0)
  }

  @Test func renewalsKeepTheLease() async throws {
    let scene = Scene()
    let task = try await scene.start(Self.source)
    await scene.arrival()
    let before = try #require(try await scene.store.holder(of: scene.stage.id))
    scene.stage.clock.advance(by: 20_000)
    scene.heart.beat()
    while try await scene.store.holder(of: scene.stage.id)?.expires == before.expires { await Task.yield() }
    scene.stage.clock.advance(by: 20_000)
    scene.open()
    #expect(try await task.value.report?.result == "end")
  }

  @Test func anotherWorkersRunIsLeftAloneUnlessItIsDead() async throws {
    for (worker, isTaken) in [
      ("elsewhere/boot/1/1", false),
      ("\(WorkerIdentity.hostName)/\(WorkerIdentity.current.boot)/\(Int32.max)/1", true),
    ] {
      let scene = Scene()
      let assignment = try await scene.stage.assignment("return taobao.refunds.get('1').currency")
      await scene.store.keep(assignment.version)
      let request = LeaseRequest(worker: worker, instant: scene.stage.clock.now(), length: 30_000)
      _ = await scene.store.start(assignment.record(at: Stage.start), requiring: [], heldBy: request)
      switch try await RunAdvance.resume(scene.stage.id, in: scene.surroundings) {
      case .advanced(let report): #expect(isTaken && report.result == "CNY")
      case .held(let lease): #expect(!isTaken && lease.worker == worker)
      default: unexpected()
      }
    }
  }

  @Test func aRunIsStartedOnce() async throws {
    let scene = Scene()
    let assignment = try await scene.stage.assignment("return 1")
    let condition = StartCondition.noLiveRun(playbook: assignment.name, profile: "shop")
    _ = await scene.store.start(
      RunRecord(
        id: "other", playbook: assignment.name, version: "v", profile: "shop", trigger: .manual, parameters: [:],
        started: 0), requiring: [], heldBy: nil)
    guard
      case .refused(condition) = try await RunAdvance.start(
        assignment, requiring: [condition], in: scene.surroundings)
    else { return unexpected() }
    #expect(await scene.store.run(scene.stage.id) == nil)
  }
}
