import JSON
import Lua
import Testing

/// Host functions that wait are called from everywhere, and the script goes on at the next line.
@Suite struct AsyncTests {
  static let cases: [(String, String, String)] = [
    ("plain", "local r = host.wait(1) return r[1]", "1"),
    ("twice", "local a = host.wait(1) local b = host.wait(2) return a[1] + b[1]", "3"),
    ("pcall", "local ok, r = pcall(host.wait, 5) return { ok, r[1] }", "[true,5]"),
    (
      "pcall of an error", "local ok, e = pcall(host.wait, 'fail') return { ok, e.code, tostring(e) }",
      #"[false,"late","the host says no, later"]"#
    ),
    (
      "xpcall", "local ok, r = xpcall(function(x) return host.wait(x)[1] end, tostring, 6) return { ok, r }", "[true,6]"
    ),
    (
      "coroutine.wrap",
      """
      local f = coroutine.wrap(function(a) local r = host.wait(a) coroutine.yield(r[1] + 1) return host.wait(9)[1] end)
      return { f(3), f(), 'end' }
      """, #"[4,9,"end"]"#
    ),
    (
      "nested coroutines",
      """
      local function deep(n)
        if n == 0 then return host.wait('deep')[1] end
        local co = coroutine.create(deep)
        local ok, r = coroutine.resume(co, n - 1)
        return r .. n
      end
      return deep(5)
      """, #""deep12345""#
    ),
    (
      "iterator",
      """
      local function steps(n) local i = 0 return function() i = i + 1 if i <= n then return host.wait(i)[1] end end end
      local sum = 0
      for i in steps(4) do sum = sum + i end
      return sum
      """, "10"
    ),
    (
      "coroutine as iterator",
      """
      local sum = 0
      for i in coroutine.wrap(function() for i = 1, 3 do host.wait(i) coroutine.yield(i) end end) do sum = sum + host.wait(i)[1] end
      return sum
      """, "6"
    ),
    ("__index", "return setmetatable({}, { __index = function(_, k) return host.wait(k)[1] end }).field", #""field""#),
    (
      "__newindex",
      """
      local seen
      local t = setmetatable({}, { __newindex = function(_, k, v) seen = host.wait(k, v) end })
      t.a = 1
      return seen
      """, #"["a",1]"#
    ),
    (
      "__add and __sub",
      """
      local m = { __add = function(a, b) return host.wait('add')[1] end, __sub = function(a, b) return host.wait('cat')[1] end }
      local t = setmetatable({}, m)
      return { t + 1, t - 'x', 'x' - t }
      """, #"["add","cat","cat"]"#
    ),
    (
      "__eq, __lt, __le, __len, __call, __unm",
      """
      local m = {
        __eq = function() return host.wait(true)[1] end, __lt = function() return host.wait(true)[1] end,
        __le = function() return host.wait(false)[1] end, __len = function() return host.wait(7)[1] end,
        __call = function(_, x) return host.wait(x)[1] end, __unm = function() return host.wait('neg')[1] end,
      }
      local a, b = setmetatable({}, m), setmetatable({}, m)
      return { a == b, a < b, a <= b, #a, a(8), -a }
      """, #"[true,true,false,7,8,"neg"]"#
    ),
    (
      "__close",
      """
      local closed
      do
        local x <close> = setmetatable({}, { __close = function() closed = host.wait('closed')[1] end })
      end
      return closed
      """, #""closed""#
    ),
    (
      "__close under an error",
      """
      local closed
      local ok, e = pcall(function()
        local x <close> = setmetatable({}, { __close = function() closed = host.wait('closed')[1] end })
        error('boom', 0)
      end)
      return { ok, e, closed }
      """, #"[false,"boom","closed"]"#
    ),
    (
      "table.sort",
      """
      local t = { 3, 1, 2 }
      table.sort(t, function(a, b) host.wait(a, b) return a < b end)
      return t
      """, "[1,2,3]"
    ),
    ("string.gsub", "return (string.gsub('abc', '%w', function(c) return host.wait(c .. c)[1] end))", #""aabbcc""#),
    ("varargs and nil", "return { select('#', host.wait(nil, 2, nil)), #host.wait(1, 2, 3) }", "[1,3]"),
  ]

  @Test(arguments: cases)
  func waits(_ what: String, _ source: String, _ expected: String) async throws {
    let summary = try await onLuaThread { try World().run(source).summary }
    #expect(summary == expected, "\(what)")
  }
}
