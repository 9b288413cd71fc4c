import Lua
import Testing

/// What a script can see, by name: a change here is a change of the sandbox.
@Suite struct SandboxTests {
  static let globals = """
    _G _VERSION assert coroutine debug error getmetatable ipairs math next os pairs pcall rawequal rawget rawlen rawset \
    require select setmetatable string table tonumber tostring type utf8 xpcall
    """
  static let libraries = [
    "coroutine": "close create isyieldable resume running status wrap yield",
    "debug": "traceback",
    "os": "clock date difftime time",
    "string":
      "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper",
    "table": "concat insert move pack remove sort unpack",
    "utf8": "char charpattern codepoint codes len offset",
    "math":
      "abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf pi rad random randomseed sin sqrt tan tointeger type ult",
  ]

  static func names(of table: String, after first: String = "") async throws -> String {
    try await onLuaThread {
      let state = try LuaState(seed: 1)
      let chunk = try state.load(
        Array("\(first) local n = {} for k in pairs(\(table)) do n[#n + 1] = k end return table.concat(n, ' ')".utf8),
        name: "names.lua", visibility: .script)
      let summary = state.resume(state.start(chunk), with: .start([])).summary
      return String(summary.dropFirst().dropLast())
    }
  }

  @Test func globalsAreTheseAlone() async throws {
    let seen = try await Self.names(of: "_G", after: "local _ = math, os, utf8")
    #expect(seen == Self.globals)
  }

  /// Ten thousand states that wait are to hold what they use.
  @Test func someLibrariesComeWhenTheyAreNamed() async throws {
    let seen = try await Self.names(of: "_G")
    #expect(
      seen == Self.globals.split(separator: " ").filter { !["math", "os", "utf8"].contains($0) }.joined(separator: " "))
  }

  @Test(arguments: libraries.keys.sorted())
  func librariesHoldTheseAlone(_ library: String) async throws {
    let seen = try await Self.names(of: library)
    #expect(seen == Self.libraries[library])
  }

  @Test(arguments: [
    ("return getmetatable('')", "false"),
    ("return pcall(setmetatable, {}, { __gc = function() end })", "false"),
    // Set in a metatable that is in place already, an event that is refused has no handler.
    (
      "local mt = {} local t = setmetatable({}, mt) mt.__concat = function() return 1 end return pcall(function() return t .. 'x' end)",
      "false"
    ),
    (
      "local mt = {} local t = setmetatable({}, mt) rawset(mt, '__co' .. 'ncat', function() return 1 end) return (pcall(function() return 'x' .. t .. 'x' end))",
      "false"
    ),
    (
      """
      local mt = {} local t = setmetatable({}, mt) mt.__mode = 'kv'
      for i = 1, 100 do t[i] = {} end
      for i = 1, 300000 do local garbage = { i } end
      return #t
      """, "100"
    ),
    ("return pcall(setmetatable, {}, { __mode = 'k' })", "false"),
    ("return pcall(setmetatable, {}, { __concat = rawequal })", "false"),
    ("return tostring({}):find('0x') == nil", "true"),
    ("return tostring(print or pcall):find('0x') == nil", "true"),
    ("return tostring(coroutine.create(function() end)):find('0x') == nil", "true"),
    ("return pcall(string.format, '%p', {})", "false"),
    ("return string.dump == nil and load == nil and dofile == nil and io == nil and package == nil", "true"),
    ("return (getmetatable(host) or {}).__index == nil", "false"),
  ])
  func holds(_ source: String, _ expected: String) async throws {
    #expect(try await onLuaThread { try World().run(source).summary } == expected)
  }

  @Test func twoStatesShareNothing() async throws {
    let seen = try await onLuaThread {
      let first = try World()
      let second = try World()
      _ = try first.run("shared = 1 string.shared = 1 coroutine.shared = 1")
      return try second.run(
        "return { shared == nil, string.shared == nil, ('').shared == nil, coroutine.shared == nil }"
      ).summary
    }
    #expect(seen == "[true,true,true,true]")
  }
}
