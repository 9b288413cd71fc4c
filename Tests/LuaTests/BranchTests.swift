import JSON
import Testing

@testable import Lua

/// Several branches of one run take turns, and stay apart.
@Suite struct BranchTests {
  @Test func branchesTakeTurns() async throws {
    let (order, results) = try await onLuaThread {
      let world = try World()
      let branch = world.state.start(
        try world.load("for i = 1, 3 do host.spawn(function(x) host.note(i, x, host.wait(i)[1]) return i end) end"))
      _ = world.state.resume(branch, with: .start([]))
      let children = world.spawned.map { world.state.start($0) }
      var results = children.map { world.state.resume($0, with: .start(["go"])).summary }
      for waiting in world.takeWaiting().reversed() {
        results.append(world.state.resume(waiting.branch, with: .returns([waiting.arguments.bytes(.compact)])).summary)
      }
      return (world.notes, results)
    }
    #expect(order == [[3, "go", 3], [2, "go", 2], [1, "go", 1]])
    #expect(results == ["suspended", "suspended", "suspended", "3", "2", "1"])
  }

  @Test func aCoroutineThatWaitsIsNobodyElses() async throws {
    let summary = try await onLuaThread {
      let world = try World()
      let first = world.state.start(
        try world.load("co = coroutine.create(function() return host.wait(1)[1] end) return { coroutine.resume(co) }"))
      _ = world.state.resume(first, with: .start([]))
      let seen = try world.run("return { coroutine.status(co), coroutine.resume(co), pcall(coroutine.close, co) }")
        .summary
      return seen + world.drive(first, .suspended).summary
    }
    #expect(summary == #"["normal",false,false,"cannot close a normal coroutine"][true,1]"#)
  }

  /// A wrapped coroutine that runs, waits for another or has ended cannot be resumed: it says so, and goes on as it was.
  @Test(arguments: [
    (
      "local f f = coroutine.wrap(function(x) local _, e = pcall(f) return { e, x } end) return f(7)",
      #"["cannot resume non-suspended coroutine",7]"#
    ),
    (
      """
      local f, g
      f = coroutine.wrap(function(x) local e = g() return { e, x } end)
      g = coroutine.wrap(function() return select(2, pcall(f)) end)
      return f(7)
      """, #"["cannot resume non-suspended coroutine",7]"#
    ),
    (
      "local f = coroutine.wrap(function() end) f() local _, e = pcall(f) return { e, 7 }",
      #"["cannot resume dead coroutine",7]"#
    ),
  ])
  func wrappedCoroutinesThatCannotBeResumed(_ source: String, _ expected: String) async throws {
    #expect(try await onLuaThread { try World().run(source).summary } == expected)
  }

  @Test func randomNumbersFollowTheSeed() async throws {
    func numbers(_ state: UInt64, _ branch: UInt64?) async throws -> String {
      try await onLuaThread {
        let world = try World(seed: state)
        let chunk = try world.load("return { math.random(1000000), math.random(1000000), math.random(1000000) }")
        return world.state.resume(world.state.start(chunk, seed: branch), with: .start([])).summary
      }
    }
    let first = try await numbers(1, nil)
    #expect(try await numbers(1, nil) == first)
    #expect(try await numbers(2, nil) != first)
    #expect(try await numbers(2, 7) == numbers(3, 7))
  }

  @Test func clocksNeverGoBack() async throws {
    let summary = try await onLuaThread {
      let world = try World()
      world.state.now = 1_700_000_000_000
      let branch = world.state.start(try world.load("local a = os.time() host.wait() return { a, os.time() }"))
      _ = world.state.resume(branch, with: .start([]))
      world.state.now = 1_600_000_000_000
      return world.drive(branch, .suspended).summary
    }
    #expect(summary == "[1700000000,1700000000]")
  }

  @Test func endedBranchesSaySo() async throws {
    let summaries = try await onLuaThread {
      let world = try World()
      let branch = world.state.start(try world.load("return ..."))
      return [
        world.state.resume(branch, with: .start([1])).summary, world.state.resume(branch, with: .start([])).summary,
        world.state.resume(LuaBranch(id: 99), with: .start([])).summary,
      ]
    }
    #expect(
      summaries == [
        "1", "runtime: this branch has ended, or there was no memory to start it", "runtime: there is no such branch",
      ])
  }

  @Test func aFailedBranchLeavesTheOthersAlone() async throws {
    let summaries = try await onLuaThread {
      let world = try World()
      let waits = world.state.start(try world.load("return host.wait(8)[1]"))
      _ = world.state.resume(waits, with: .start([]))
      let failed = try world.run("error('one')").summary
      return [failed, world.drive(waits, .suspended).summary]
    }
    #expect(summaries == ["runtime: shop.lua:1: one", "8"])
  }

  @Test func statesRunOnTheirThreads() async throws {
    try await withThrowingTaskGroup(of: String.self) { group in
      for i in 0..<64 {
        group.addTask {
          try await onLuaThread {
            try World().run("local s = 0 for i = 1, 1000 do s = s + i end return s + \(i)").summary
          }
        }
      }
      var sum = 0
      for try await summary in group { sum += Int(summary) ?? 0 }
      #expect(sum == 64 * 500_500 + 63 * 32)
    }
  }
}
