import Lua
import Testing

/// `require` asks the host, runs a module once, and says what is wrong.
@Suite struct ModuleTests {
  static func run(_ source: String, modules: [String: String]) async throws -> (summary: String, asked: [String]) {
    try await onLuaThread {
      let world = try World()
      var asked: [String] = []
      world.state.moduleLoader = { name in
        asked.append(name)
        guard let text = modules[name] else {
          return .missing("module '\(name)' was not found: looked for lib/\(name).lua")
        }
        return .source(Array(text.utf8), name: "\(name).lua", visibility: name.hasPrefix("ebb") ? .host : .script)
      }
      return (try world.run(source).summary, asked)
    }
  }

  static let cases: [(String, String, Int)] = [
    ("return { require('a').x, require('a').x }", "[1,1]", 1),
    ("return require('nothing')", "true", 1),
    ("return require('waits')", "5", 1),
    ("return require('ebb.host')", #""function""#, 1),
    ("return require('named')", #"["named"]"#, 1),
    ("return require('missing')", "runtime: shop.lua:1: module 'missing' was not found: looked for lib/missing.lua", 1),
    (
      "return require('self')",
      "runtime: self.lua:1: module 'self' requires itself, directly or through another module", 1
    ),
    (
      "return require('left')",
      "runtime: right.lua:1: module 'left' requires itself, directly or through another module", 2
    ),
    ("return require('syntax')", "runtime: syntax.lua:1: unexpected symbol near '='", 1),
    ("return require('fails')", "runtime: fails.lua:2: not today", 1),
    (
      "local a, e = pcall(require, 'fails') local b, f = pcall(require, 'fails') return { a, b, e == f }",
      "[false,false,true]", 2
    ),
    ("return require('a\\0b')", "runtime: shop.lua:1: bad argument #1 to 'require' (no name of a module)", 0),
  ]

  @Test(arguments: cases)
  func requires(_ source: String, _ expected: String, _ asked: Int) async throws {
    let run = try await Self.run(
      source,
      modules: [
        "a": "return { x = 1 }", "nothing": "local x", "waits": "return host.wait(5)[1]",
        "ebb.host": "local host = ... return type(host.note)", "named": "return { ... }",
        "self": "return require('self')",
        "left": "return require('right')", "right": "return require('left')", "syntax": "return = 1",
        "fails": "local x\nerror('not today')",
      ])
    #expect(run.summary == expected)
    #expect(run.asked.count == asked)
  }

  @Test func tracesReachIntoModules() async throws {
    let trace = try await onLuaThread {
      let world = try World()
      world.state.moduleLoader = { _ in
        .source(Array("local function f() error('deep') end\nf()".utf8), name: "m.lua", visibility: .script)
      }
      return try world.run("require('m')").error?.trace.map(\.description)
    }
    #expect(trace == ["m.lua:1: in f", "m.lua:2:", "shop.lua:1:"])
  }
}
