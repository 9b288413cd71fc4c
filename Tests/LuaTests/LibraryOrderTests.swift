import Testing

@testable import Lua

/// Iteration has one order, and nothing a script sees depends on addresses, hashes or the machine's clock.
@Suite struct LibraryOrderTests {
  @Test(arguments: [
    (
      "every kind of key",
      """
      local t = { 3, 2, 1, a = 1, B = 2, [0] = 0, [-1.5] = 1, [2^63] = 1, [-2^70] = 1, [math.maxinteger] = 1, [math.mininteger] = 1,
        [1.5] = 1, [true] = 1, [false] = 1, ['\\0'] = 1, [''] = 1, ['é'] = 1, ab = 1, abcdefghi = 1, abcdefghj = 1 }
      local r = {}
      for k in pairs(t) do r[#r + 1] = tostring(k) end
      return table.concat(r, ' ')
      """,
      #""-1.1805916207174e+21 -9223372036854775808 -1.5 0 1 1.5 2 3 9223372036854775807 9.2233720368548e+18  \#u{5C}u0000 B a ab abcdefghi abcdefghj é false true""#
    ),
    (
      "a snapshot: added keys are not visited, removed ones are skipped",
      """
      local t, r = { a = 1, b = 2, c = 3 }, {}
      for k in pairs(t) do r[#r + 1] = k t.c = nil t.d = 1 end
      return r
      """, #"["a","b"]"#
    ),
    (
      "next goes on behind a removed key",
      """
      local t, r = { x = 1, y = 2, z = 3, 10, 20 }, {}
      local k = next(t)
      while k do r[#r + 1] = k t[k] = nil k = next(t, k) end
      return r
      """, #"[1,2,"x","y","z"]"#
    ),
    (
      "next in nested loops",
      """
      local t, r = { a = 1, b = 2 }, {}
      for k in next, t do for l in next, t do for m in next, t do r[#r + 1] = k .. l .. m end end end
      return table.concat(r, ' ')
      """, #""aaa aab aba abb baa bab bba bbb""#
    ),
    (
      "next of an unknown key", "local t = { b = 1, d = 2, 7 } return { next(t, 'c'), (next(t, 1)), (next(t, 0.5)) }",
      #"["d","b",1]"#
    ),
    (
      "whether a table is empty",
      "return { next({}) == nil, next({ [{}] = 1 }) == nil, next({ [print or next] = 1, [{}] = 2 }) == nil }",
      "[true,false,false]"
    ),
    (
      "a key without an order", "return { pcall(pairs, { [{}] = 1 }) }",
      #"[false,"a key that is a table cannot be iterated over in a fixed order: keys must be numbers, strings or booleans (hint: ebb.list.set)"]"#
    ),
    (
      "many keys",
      """
      local t, last, count = {}, '', 0
      for i = 1, 20000 do t['k' .. i * 7919 % 20011] = i end
      for k in pairs(t) do if k <= last then return k end last, count = k, count + 1 end
      return count
      """, "20000"
    ),
    (
      "many numbers",
      """
      local t, last, count = {}, -math.huge, 0
      for i = 1, 5000 do t[(i * 7919 % 5003 - 2500) / 2] = i end
      for k in pairs(t) do if k <= last then return k end last, count = k, count + 1 end
      return count
      """, "5000"
    ),
    (
      "no addresses",
      "local a, b = {}, {} return { tostring(b), tostring(a), tostring(b), tostring(next), ('%s'):format(a) }",
      #"["table: 1","table: 2","table: 1","function: 3","table: 2"]"#
    ),
    ("names of types", "return tostring(setmetatable({}, { __name = 'order' }))", #""order: 1""#),
    ("no %p", "return { pcall(string.format, '%p', {}) }", #"[false,"invalid conversion '%p' to 'format'"]"#),
    (
      "the clock", "return { os.time(), os.clock(), os.date('%Y-%m-%d %H:%M:%S %z'), os.date('!%H:%M') }",
      #"[1700000000,0.0,"2023-11-15 06:13:20 +0800","22:13"]"#
    ),
    ("local time", "return os.time { year = 2023, month = 11, day = 15, hour = 6, min = 13, sec = 20 }", "1700000000"),
    ("no seed of its own", "return (pcall(math.randomseed, 1))", "false"),
    (
      "no finalizers",
      "return { pcall(setmetatable, {}, { __gc = next }), (pcall(setmetatable, {}, { __mode = 'k' })) }",
      #"[false,false]"#
    ),
    (
      "strings are protected",
      "return { getmetatable('') == false, pcall(setmetatable, '', {}) == false, ('x').upper == string.upper }",
      "[true,true,true]"
    ),
    (
      "what is gone",
      "return { string.dump == nil, os.getenv == nil, os.execute == nil, io == nil, collectgarbage == nil, load == nil }",
      "[true,true,true,true,true,true]"
    ),
  ])
  func holds(_ what: String, _ source: String, _ expected: String) async throws {
    let summary = try await onLuaThread {
      let world = try World()
      world.state.now = 1_700_000_000_000
      world.state.zoneOffset = { _ in 28_800 }
      return try world.run(source).summary
    }
    #expect(summary == expected, "\(what)")
  }

  @Test func randomNumbersFollowTheSeed() async throws {
    let source =
      "local r = {} for i = 1, 200 do r[i] = math.random(6) end r[201] = math.random() r[202] = math.random(0) return r"
    func draw(_ seed: UInt64) async throws -> String {
      try await onLuaThread {
        let world = try World(seed: 1)
        let branch = world.state.start(try world.load(source), seed: seed)
        return world.state.resume(branch, with: .start([])).summary
      }
    }
    let first = try await draw(7)
    #expect(try await draw(7) == first)
    #expect(try await draw(8) != first)
    for face in 1...6 { #expect(first.split(separator: ",").dropLast(2).contains { $0.hasSuffix("\(face)") }) }
  }

  @Test(arguments: [0, 1, 2, 3, 10, 100, 1000])
  func sortIsStable(_ count: Int) async throws {
    let summary = try await onLuaThread {
      try World().run(
        """
        local t, n = {}, \(count)
        for i = 1, n do t[i] = { key = i * 7919 % 13, place = i } end
        table.sort(t, function(a, b) return a.key < b.key end)
        local seen = {}
        for i = 1, n do
          seen[t[i].place] = true
          local a, b = t[i - 1], t[i]
          if a and (a.key > b.key or a.key == b.key and a.place > b.place) then return i end
        end
        for i = 1, n do if not seen[i] then return -i end end
        return 'stable'
        """
      ).summary
    }
    #expect(summary == #""stable""#)
  }

  @Test(arguments: [
    "return true", "return false", "return a", "return math.random() < 0.5", "t[1] = nil t[9] = 7 return a > b",
  ])
  func sortBearsLies(_ body: String) async throws {
    let summary = try await onLuaThread {
      try World().run(
        "local t = { 5, 3, 8, 1, 9, 2, 7, 4, 6 } table.sort(t, function(a, b) \(body) end) local s = 0 "
          + "for _, v in ipairs(t) do s = s + v end return s"
      ).summary
    }
    #expect(summary == "45")
  }
}
