import Testing

@testable import Lua

/// Which lines run, and which could.
@Suite struct LineTests {
  private static let source = """
    local function unused(...)
      return 1,
        ...
    end
    local total = 0
    for index = 1, 3 do
      if index > 5 then
        total = total + 100
      end
      total = total + index
    end

    local worker = coroutine.wrap(function()
      coroutine.yield(1)
      return 2
    end)
    worker()
    -- a comment
    return total
    """

  private func run(_ source: String, interruptedEvery instructions: Int? = nil) async throws -> Set<Int> {
    try await onLuaThread {
      let state = try LuaState(seed: 1)
      var seen: Set<Int> = []
      state.observeLines { file, line in
        #expect(file == "a.lua")
        seen.insert(line)
      }
      if let instructions { state.interrupt(every: instructions) }
      let branch = state.start(try state.load(Array(source.utf8), name: "a.lua", visibility: .script))
      guard case .finished = state.resume(branch, with: .start([])) else {
        Issue.record("it did not end")
        return []
      }
      return seen
    }
  }

  @Test(arguments: [nil, 1, 7]) func linesThatRunAreTold(_ interruptedEvery: Int?) async throws {
    let ran = try await run(Self.source, interruptedEvery: interruptedEvery)
    #expect(ran.isSuperset(of: [5, 6, 7, 10, 13, 14, 17, 19]))
    #expect(ran.isDisjoint(with: [2, 3, 8, 12, 15, 18]))
  }

  @Test func linesThatCouldRunAreKnown() async throws {
    let lines = try await onLuaThread {
      try LuaState(seed: 1).executableLines(of: Array(Self.source.utf8), name: "a.lua")
    }
    #expect(lines.isSuperset(of: [2, 3, 5, 6, 7, 8, 10, 13, 14, 15, 17, 19]))
    #expect(lines.isDisjoint(with: [9, 12, 18]))
  }

  /// Whatever runs is among the lines that could: in long functions, too, where lines are kept in another form.
  @Test(arguments: [1, 60, 200]) func whatRunsCouldRun(_ gap: Int) async throws {
    let statements = (0..<300).map { index in
      "local function f\(index)(...) return ... end f\(index)()"
        + (index % 50 == 0 ? String(repeating: "\n", count: gap) : "")
    }
    let halves = [statements.prefix(150), statements.suffix(150)].map { "do\n\($0.joined(separator: "\n"))\nend" }
    let source = halves.joined(separator: "\n")
    let ran = try await run(source)
    let could = try await onLuaThread { try LuaState(seed: 1).executableLines(of: Array(source.utf8), name: "a.lua") }
    #expect(!ran.isEmpty && ran.subtracting(could).isEmpty)
  }

  @Test func bytesThatAreNoChunkHaveNoLines() {
    for bytes in [[], [0x1B], Array("\u{1B}Lua".utf8)] as [[UInt8]] {
      var chunk = CompiledChunk(bytes)
      #expect(chunk.lines().isEmpty)
    }
  }

  @Test func aTextThatDoesNotCompileHasNoLines() async throws {
    await #expect(throws: LuaError.self) {
      try await onLuaThread { try LuaState(seed: 1).executableLines(of: Array("if".utf8), name: "a.lua") }
    }
  }
}
