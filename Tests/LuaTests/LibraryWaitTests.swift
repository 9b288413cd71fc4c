import Glibc
import Testing

@testable import Lua

/// Library functions that call back into the script may wait there, and go on where they were.
@Suite struct LibraryWaitTests {
  @Test(arguments: [
    (
      "table.sort",
      """
      local t = { 5, 3, 9, 1, 7, 3, 8 }
      table.sort(t, function(a, b) return host.wait(a)[1] < b end)
      return t
      """, "[1,3,3,5,7,8,9]"
    ),
    (
      "table.sort by __lt",
      """
      local m = { __lt = function(a, b) return host.wait(a.n)[1] < b.n end }
      local t = {}
      for i = 1, 6 do t[i] = setmetatable({ n = i * 5 % 7 }, m) end
      table.sort(t)
      local r = {} for i, x in ipairs(t) do r[i] = x.n end
      return r
      """, "[1,2,3,4,5,6]"
    ),
    (
      "gsub with a function", "return (('a1b2'):gsub('%d', function(d) return host.wait(d * 2)[1] end))", #""a2b4""#
    ),
    (
      "gsub with __index",
      "return (('x y'):gsub('%a', setmetatable({}, { __index = function(_, k) return host.wait(k .. k)[1] end })))",
      #""xx yy""#
    ),
    (
      "gsub that is anchored", "return { ('aaa'):gsub('^a', function(c) return host.wait('b')[1] end) }", #"["baa",1]"#
    ),
    (
      "tostring", "return tostring(setmetatable({}, { __tostring = function() return host.wait('t')[1] end }))",
      #""t""#
    ),
    (
      "format",
      """
      local x = setmetatable({}, { __tostring = function() return host.wait('t')[1] end })
      return ('%s %5s %d %s'):format(x, x, 7, 'end')
      """, #""t     t 7 end""#
    ),
    (
      "concat, unpack and # over metamethods",
      """
      local t = setmetatable({}, {
        __index = function(_, k) return host.wait(k * 10)[1] end, __len = function() return host.wait(3)[1] end,
      })
      return { table.concat(t, ','), table.unpack(t) }
      """, #"["10,20,30",10,20,30]"#
    ),
    (
      "insert, remove and move over metamethods",
      """
      local t = { 1, 2, 3 }
      local p = setmetatable({}, {
        __index = function(_, k) host.wait(k) return t[k] end, __newindex = function(_, k, v) host.wait(k) t[k] = v end,
        __len = function() host.wait() return #t end,
      })
      table.insert(p, 1, 0)
      table.insert(p, 9)
      table.remove(p, 2)
      table.move(p, 1, 2, 3)
      return t
      """, "[0,2,0,2]"
    ),
    (
      "ipairs over __index",
      """
      local t = setmetatable({}, { __index = function(_, k) if k < 4 then return host.wait(k)[1] end end })
      local sum = 0
      for _, v in ipairs(t) do sum = sum + v end
      return sum
      """, "6"
    ),
    (
      "__pairs",
      """
      local t = setmetatable({}, { __pairs = function() return next, host.wait({ a = 1 })[1], nil end })
      local r = {}
      for k, v in pairs(t) do r[k] = v end
      return r
      """, #"{"a":1}"#
    ),
    (
      "in a script's coroutine, which yields too",
      """
      local f = coroutine.wrap(function()
        return (('abc'):gsub('.', function(c) coroutine.yield(c) return host.wait(c:upper())[1] end))
      end)
      return { f(), f(), f(), f() }
      """, #"["a","b","c","ABC"]"#
    ),
    (
      "an error where it waits",
      "return { pcall(table.sort, { 2, 1 }, function() host.wait('fail') end) }",
      #"[false,{"code":"late","message":"the host says no, later"}]"#
    ),
  ])
  func waits(_ what: String, _ source: String, _ expected: String) async throws {
    let summary = try await onLuaThread { try World().run(source).summary }
    #expect(summary == expected, "\(what)")
  }
}

/// No library function keeps a script alive beyond its slice.
@Suite struct LibraryLimitTests {
  @Test(arguments: [
    "local s = ('a'):rep(3000) s:find(('.-'):rep(10) .. 'b')",
    "local s = ('a'):rep(28) s:find(('a?'):rep(28) .. ('a'):rep(28) .. 'b')",
    "local s = ('a'):rep(1 << 20) while true do s:find(('a'):rep(1 << 19) .. 'b') end",
    "local s = ('('):rep(200000) s:find('%b()')",
    "local s = ('a'):rep(100000) for w in s:gmatch('a-b') do end",
    "local s = ('a'):rep(100000) s:gsub('.-b', 'x')",
    "local s = ('ab'):rep(50000) s:match('(.*)(.*)(.*)%1%2%3x')",
    "table.move({}, 1, 1e9, 2)",
    "table.move({}, 1, math.maxinteger - 5, 2)",
    "table.insert(setmetatable({}, { __len = function() return 1 << 40 end }), 1, 1)",
    "table.remove(setmetatable({}, { __len = function() return 1 << 40 end }), 1)",
    "table.concat(setmetatable({}, { __len = function() return 1 << 40 end, __index = function() return '' end }))",
    "table.sort(setmetatable({}, { __len = function() return 1 << 40 end, __index = function() return nil end }))",
    "local s = ('a'):rep(1 << 20) while true do utf8.len(s) end",
    "while true do (''):rep(1e18) end",
    "local t = {} for i = 1, 5000 do t[i] = 1 end while true do table.insert(t, 1, 1) table.remove(t, 1) end",
    "local t = {} for i = 1, 50000 do t['k' .. i] = 1 end while true do for k in pairs(t) do end end",
    "local t = {} for i = 1, 50000 do t['k' .. i] = 1 end while true do next(t, 'k7') end",
    "local t = {} for i = 1, 50000 do t[i] = i % 7 end while true do table.sort(t) end",
    "table.sort({ 1, 2, 3 }, function() while true do end end)",
    "while true do ('%s'):format(1) end",
    "local f = ('%d'):rep(1000) while true do pcall(string.format, f) end",
  ])
  func ends(_ source: String) async throws {
    let (error, spent) = try await onLuaThread {
      let world = try World(limits: LuaLimits(slice: .milliseconds(50)))
      let start = threadTime()
      return (try world.run(source).error, threadTime() - start)
    }
    #expect(spent < 1)
    #expect(error?.kind == .time || error?.kind == .memory, "\(String(describing: error))")
    #expect(error?.position?.line == 1)
  }
}

/// CPU time of this thread, in seconds: a busy machine changes nothing about it.
private func threadTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
