import Synchronization
import Testing

@testable import Console

@Suite struct VerifyWindowTests {
  @Test func anOpenWindowAnswersWhateverComes() async throws {
    let stage = try await Stage()
    stage.windows.open(for: "hk", lasting: .seconds(600))
    #expect(try await stage.post([], nil, by: "GET").status == 200)
    #expect(try await stage.post(Array("{}".utf8), nil).status == 200)
    #expect(try await stage.post(.notJSON) == 200)
    #expect(try await stage.post([], nil, to: "/callbacks/sg", by: "GET").status == 405)
    #expect(try await stage.post([], nil, to: "/callbacks/sg").status == 401)
    #expect(stage.sink.events.isEmpty)
    stage.windows.close(for: "hk")
    #expect(try await stage.post([], nil).status == 401)
    await stage.close()
  }

  @Test func aRealCallbackIsStoredWhileTheWindowIsOpen() async throws {
    let stage = try await Stage()
    stage.windows.open(for: "hk", lasting: .seconds(600))
    #expect(try await stage.post(.refund) == 200)
    #expect(stage.sink.events.count == 1)
    stage.sink.set(.failing)
    #expect(try await stage.post(.price) == 503)
    await stage.close()
  }

  @Test func aWindowEndsByItself() async {
    let clock = Mutex(ContinuousClock.now)
    let windows = VerifyWindows { clock.withLock { $0 } }
    windows.open(for: "hk", lasting: .seconds(600))
    clock.withLock { $0 += .milliseconds(599_999) }
    #expect(await windows.isOpen(for: "hk"))
    clock.withLock { $0 += .milliseconds(1) }
    #expect(await !windows.isOpen(for: "hk"))
    windows.open(for: "hk", lasting: .seconds(1_000_000))
    clock.withLock { $0 += VerifyWindows.maximum }
    #expect(await !windows.isOpen(for: "hk"))
    windows.open(for: "hk", lasting: .seconds(-1))
    #expect(await !windows.isOpen(for: "hk"))
  }
}
