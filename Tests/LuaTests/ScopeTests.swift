import JSON
import Lua
import Testing

/// What `scopes` shows of a script while it calls the host.
@Suite struct ScopeTests {
  /// Runs a script and gives what its last call of `host.look` saw.
  private static func look(_ script: String, limit: Int = 16_384) async throws -> [LuaScope] {
    try await onLuaThread {
      let world = try World()
      let seen = Seen()
      world.state.register("look", waits: false) { call in
        seen.scopes = call.scopes(limit: limit)
        return .values([])
      }
      let chunk = try world.state.load(Array(script.utf8), name: "x.lua", visibility: .script)
      guard case .finished = world.state.resume(world.state.start(chunk), with: .start([])) else {
        throw World.Broken()
      }
      return seen.scopes
    }
  }

  private final class Seen {
    var scopes: [LuaScope] = []
  }

  @Test func showsEveryFrameWithItsVariables() async throws {
    let scopes = try await Self.look(
      """
      local limit, names = 5, { "a", "b" }
      local function visit(id)
        local row = { id = id, list = {} }
        host.look()
        return row, limit
      end
      for index = 1, 1 do visit("x" .. index) end
      """)
    #expect(scopes.map(\.frame.position.line) == [4, 7])
    #expect(scopes.first?.frame.function == "visit")
    #expect(
      scopes.first?.variables == [
        LuaVariable(name: "id", value: "x1"), LuaVariable(name: "row", value: ["id": "x1", "list": [:]]),
        LuaVariable(name: "limit", isOuter: true, value: 5),
      ])
    #expect(
      scopes.last?.variables == [
        LuaVariable(name: "limit", value: 5), LuaVariable(name: "names", value: ["a", "b"]),
        LuaVariable(name: "visit", value: nil, note: "function"), LuaVariable(name: "index", value: 1),
      ])
  }

  @Test func ofEqualNamesTheOneThatTheLineSees() async throws {
    let scopes = try await Self.look("local a = 1\nlocal f = function() local b = a local a = 2 host.look() end f()")
    #expect(scopes.first?.variables == [LuaVariable(name: "b", value: 1), LuaVariable(name: "a", value: 2)])
  }

  @Test func looksThroughCoroutines() async throws {
    let scopes = try await Self.look(
      "local outer = 1\ncoroutine.wrap(function() local inner = 2\n host.look() end)()")
    #expect(scopes.map(\.frame.position.line) == [3, 2])
    #expect(scopes.map { $0.variables.first?.name } == ["inner", "outer"])
  }

  @Test(
    arguments: [
      ("{ f = host.look }", "a function cannot be sent"),
      ("('x'):rep(200)", "more than 100 bytes cannot be sent"), ("host.look", "function"),
      ("'\\xff'", "text that is not UTF-8 cannot be sent"),
    ])
  func saysWhyAValueIsNotShown(_ value: String, _ note: String) async throws {
    let scopes = try await Self.look("local v = \(value)\nhost.look()", limit: 100)
    #expect(scopes.first?.variables == [LuaVariable(name: "v", value: nil, note: note)])
  }
}
