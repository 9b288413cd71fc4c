import CLua

/// Lua as it comes, in this process: the same library, with its own allocator, libraries and loops.
final class PlainLua {
  private let state: OpaquePointer

  init() throws {
    guard let state = luaL_newstate() else { throw BenchError("there is no memory for a plain Lua state") }
    self.state = state
    luaL_openlibs(state)
    // Called from Lua; it holds nothing that a longjmp over it could lose.
    lua_pushcclosure(state, { _ in 0 }, 0)
    lua_setglobal(state, "noop")
  }

  deinit { lua_close(state) }

  /// Compiles and runs a chunk with these arguments; seconds of CPU that running it took.
  func seconds(_ source: String, _ arguments: Int64...) throws -> Double {
    guard luaL_loadstring(state, source) == LUA_OK else { throw failure }
    for argument in arguments { lua_pushinteger(state, argument) }
    let start = threadSeconds()
    guard lua_pcallk(state, Int32(arguments.count), 0, 0, 0, nil) == LUA_OK else { throw failure }
    return threadSeconds() - start
  }

  private var failure: BenchError {
    BenchError(lua_tolstring(state, -1, nil).map { String(cString: $0) } ?? "plain Lua failed")
  }
}
