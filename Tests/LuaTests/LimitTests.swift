import Testing

@testable import Lua

/// Breaches of limits cannot be caught, name the line, and leave the process in good order.
@Suite struct LimitTests {
  static let short = LuaLimits(memory: 8 << 20, slice: .milliseconds(60))

  @Test(arguments: [
    "while true do end",
    "pcall(function() while true do end end) host.note('went on')",
    "while true do pcall(function() while true do end end) end",
    "xpcall(function() while true do end end, function() while true do end end) host.note('went on')",
    "xpcall(function() error('x') end, function() while true do end end) host.note('went on')",
    "coroutine.wrap(function() while true do end end)() host.note('went on')",
    "coroutine.resume(coroutine.create(function() while true do end end)) host.note('went on')",
    "local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end",
    "local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() while true do end end }) coroutine.yield() end) coroutine.resume(co) pcall(coroutine.close, co) host.note('went on')",
    "pcall(coroutine.wrap(function() local x <close> = setmetatable({}, { __close = function() while true do end end }) error('x') end)) host.note('went on')",
    "setmetatable({}, { __index = function() while true do end end }).x = nil pcall(function() return setmetatable({}, { __index = function() while true do end end }).x end) host.note('went on')",
    "table.sort({ 3, 2, 1 }, function() while true do end end)",
    "pcall(string.gsub, 'abc', '.', function() while true do end end) host.note('went on')",
  ])
  func endsComputing(_ source: String) async throws {
    let (error, notes, later) = try await onLuaThread {
      let world = try World(limits: Self.short)
      let error = try world.run(source).error
      return (error, world.notes.count, try world.run("return 1").error)
    }
    #expect(error?.kind == .time)
    #expect(error?.position == LuaPosition(file: "shop.lua", line: 1))
    #expect(notes == 0)
    #expect(later == error, "every later resume fails likewise")
  }

  @Test(arguments: [
    "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
    "local t = {} pcall(function() while true do t[#t + 1] = { #t } end end) t = nil host.note('went on')",
    "local s = 'x' while true do s = s .. s end",
    "local function f() return pcall(function() local t = {} while true do t[#t + 1] = {} end end) end f() host.note('went on')",
    "pcall(function() local x <close> = setmetatable({}, { __close = function() error('other') end }) local t = {} while true do t[#t + 1] = {} end end) host.note('went on')",
    "coroutine.wrap(function() local t = {} while true do t[#t + 1] = {} end end)() host.note('went on')",
    "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
    "local function f(n) local a, b, c = {}, {}, {} return 1 + f(n + 1) end pcall(f, 1) host.note('went on')",
  ])
  func endsHoarding(_ source: String) async throws {
    let (error, notes, memory) = try await onLuaThread {
      let world = try World(limits: LuaLimits(memory: 4 << 20, slice: .seconds(2)))
      return (try world.run(source).error, world.notes.count, world.state.memoryInUse)
    }
    #expect(error?.kind == .memory)
    #expect(error?.position == LuaPosition(file: "shop.lua", line: 1))
    #expect(notes == 0)
    #expect(memory <= 4 << 20)
  }

  @Test func aSliceEndsWithEveryAnswer() async throws {
    let summary = try await onLuaThread {
      let world = try World(limits: LuaLimits(slice: .milliseconds(100)))
      return try world.run(
        """
        local function work() for i = 1, 400000 do local x = i * i end end
        for i = 1, 60 do work() host.wait(i) end
        return 'done'
        """
      ).summary
    }
    #expect(summary == #""done""#)
  }
}
