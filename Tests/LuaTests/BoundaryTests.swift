import JSON
import Testing

@testable import Lua

/// The seam between Swift and C: nothing leaks, nothing crashes when memory ends, interruptions change nothing.
@Suite struct BoundaryTests {
  /// Counts its living instances.
  final class Counted {
    final class Count { var value = 0 }
    let count: Count
    init(_ count: Count) {
      self.count = count
      count.value += 1
    }
    deinit { count.value -= 1 }
  }

  @Test func noSwiftObjectIsLeftBehindByErrors() async throws {
    let (summary, living) = try await onLuaThread {
      let count = Counted.Count()
      let world = try World()
      world.state.register("refuse", waits: false) { call in
        let counted = Counted(count)
        return withExtendedLifetime(counted) {
          .raise(LuaRaise(code: "refused", message: "object \(count.value) \(call.count)"))
        }
      }
      let summary = try world.run(
        """
        local failed = 0
        for i = 1, 100000 do
          local ok, e = pcall(host.refuse, i, 'x')
          if not ok and e.code == 'refused' and e.message == 'object 1 2' then failed = failed + 1 end
        end
        return failed
        """
      ).summary
      return (summary, count.value)
    }
    #expect(summary == "100000")
    #expect(living == 0)
  }

  @Test func functionsAndStatesAreReleased() async throws {
    let (before, after, living) = try await onLuaThread {
      let count = Counted.Count()
      var sizes: [Int] = []
      do {
        let world = try World()
        let counted = Counted(count)
        world.state.register("keep", waits: false) { _ in withExtendedLifetime(counted) { .values([]) } }
        for _ in 0..<3 {
          _ = try world.run("for i = 1, 100 do host.spawn(function() return i end) end")
          sizes.append(world.state.memoryInUse)
        }
      }
      return (sizes[0], sizes[2], count.value)
    }
    #expect(before > 0 && after < before * 10)
    #expect(living == 0)
  }

  @Test func aFunctionGoesThereAndBack() async throws {
    let summary = try await onLuaThread {
      let world = try World()
      world.state.register("twice", waits: false) { call in
        call.function(at: 0).map { .function($0) } ?? .values([])
      }
      return try world.run(
        "local f = host.twice(function(x) return x + 1 end) return { f(1), host.twice(5) == nil, f == host.twice(f) }"
      )
      .summary
    }
    #expect(summary == "[2,true,true]")
  }

  /// Programs whose results say whether an interruption has changed anything.
  static let programs = [
    """
    local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
    local sum = 0
    for i in range(10) do for j in range(i) do sum = sum + i * j end end
    return sum
    """,
    """
    local t = {}
    for i = 1, 30 do t[i] = i * 7 % 31 end
    table.sort(t, function(a, b) return a > b end)
    return { t, (('abcabc'):gsub('%w', function(c) return c:upper() .. #t end)) }
    """,
    """
    local log = {}
    local ok, e = pcall(function()
      local x <close> = setmetatable({}, { __close = function(_, e) log[#log + 1] = tostring(e) end })
      local m = setmetatable({}, { __index = function(_, k) return k .. k end, __concat = function(a, b) return 'cat' end })
      log[#log + 1] = m.ab .. (m .. 'x')
      error({ code = 1 })
    end)
    return { ok, e.code, #log, log[1], host.wait(5)[1] }
    """,
    """
    local co = coroutine.create(function(a, ...)
      local b = coroutine.yield(a + 1)
      local ok, e = pcall(function() coroutine.yield(b * 2) error('inner', 0) end)
      return e, select('#', ...)
    end)
    return { { coroutine.resume(co, 1, 2, 3) }, { coroutine.resume(co, 5) }, { coroutine.resume(co) }, { coroutine.resume(co) }, coroutine.status(co) }
    """,
  ]

  @Test(arguments: programs.indices)
  func interruptionsChangeNothing(_ program: Int) async throws {
    let source = Self.programs[program]
    let results = try await onLuaThread {
      try (0...60).map { every in
        let world = try World()
        world.state.interrupt(every: every)
        return try world.run(source).summary
      }
    }
    #expect(!results[0].contains(":1:") && results[0] != "nothing")
    #expect(Set(results).count == 1, "\(Set(results))")
  }

  @Test func memoryMayEndAnywhere() async throws {
    let (ended, tried) = try await onLuaThread {
      var ended = 0
      for allowed in 0..<400 {
        do {
          let world = try World()
          world.state.failAllocations(after: allowed)
          world.state.moduleLoader = { _ in
            .source(Array("return { 1, 2 }".utf8), name: "m\(allowed).lua", visibility: .script)
          }
          let outcome = try world.run(
            """
            local t = require('m')
            local ok, e = pcall(host.fail)
            local r = host.wait({ 1, { a = 'b' } })
            host.spawn(function() return r end)
            for k, v in pairs({ a = 1, b = {} }) do t[#t + 1] = tostring(v) .. k end
            table.sort({ 'b', 'a' })
            coroutine.wrap(function() coroutine.yield(debug.traceback()) end)()
            return { t, host.echo(r) }
            """, name: "memory\(allowed).lua")
          if let error = outcome.error {
            ended += 1
            guard error.kind == .memory || error.kind == .runtime || error.kind == .conversion else {
              return (-1, allowed)
            }
          } else {
            return (ended, allowed)
          }
        } catch let error as LuaError where error.kind == .memory {
          ended += 1
        }
      }
      return (ended, 400)
    }
    #expect(ended > 30 && ended == tried, "it ended \(ended) of \(tried) times before there was enough memory")
  }

  @Test func aBareStateIsSmall() async throws {
    let size = try await onLuaThread { try LuaState(seed: 1).memoryInUse }
    #expect(size < 20_000, "\(size) bytes")
  }

  @Test func aResumeFromWithinIsRefused() async throws {
    let summary = try await onLuaThread {
      let world = try World()
      let other = world.state.start(try world.load("return 1"))
      world.state.register("again", waits: false) { _ in
        .values([.string(world.state.resume(other, with: .start([])).summary)])
      }
      return try world.run("return host.again()").summary
    }
    #expect(summary == #""runtime: a state was resumed from inside of one of its host functions""#)
  }
}
