import JSON
import Lua

/// Whether errors leave Swift objects behind: Lua leaves a call by a jump, and a Swift frame that it passed over would
/// release nothing.
///
/// The tests count the same in a debug build. What a frame holds when it is left is for the optimiser to decide, so it is
/// counted in a release build as well.
actor Leaks {
  private let thread = LuaThread.next()
  private let calls = 100_000

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  func measure() throws -> Measurement {
    let count = Counted.Count()
    try refuse(count)
    return Measurement(
      "objects left behind by \(calls) failing calls", Double(count.value), .atMost(0), note: "of \(count.made)")
  }

  /// Calls of every kind that fail: the host's own error, an argument that cannot be sent, an error through coroutines,
  /// one with a handler. Each callback makes an object that lives as long as its frame.
  private func refuse(_ count: Counted.Count) throws {
    let state = try LuaState(limits: LuaLimits(slice: .seconds(60)), seed: 1)
    let owned = Counted(count)
    state.register("refuse", waits: false) { call in
      let counted = Counted(count)
      return withExtendedLifetime((counted, owned)) {
        do throws(LuaError) {
          let arguments = try call.json()
          return .raise(LuaRaise(code: "refused", message: "refused", more: ["arguments": .array(arguments)]))
        } catch {
          return .raise(LuaRaise(code: "unreadable", message: error.message))
        }
      }
    }
    let source = """
      local host, calls = ...
      local failed = 0
      local function note(ok) if not ok then failed = failed + 1 end end
      for i = 1, calls // 4 do
        note(pcall(host.refuse, i, { text = 'x' }))
        note(pcall(host.refuse, note))
        note(pcall(coroutine.wrap(function() local x <close> = nil host.refuse(i) end)))
        note(xpcall(host.refuse, function(e) return e.message end, i))
      end
      return failed
      """
    let branch = state.start(try state.load(Array(source.utf8), name: "leaks", visibility: .host))
    let outcome = state.resume(branch, with: .start([.integer(Int64(calls))]))
    guard case .finished(let result?) = outcome,
      String(decoding: result, as: UTF8.self) == String(calls)
    else { throw BenchError("the failing calls ended as \(outcome)") }
  }
}

/// Counts its living instances.
private final class Counted {
  final class Count {
    var value = 0
    var made = 0
  }

  private let count: Count

  init(_ count: Count) {
    self.count = count
    count.value += 1
    count.made += 1
  }

  deinit { count.value -= 1 }
}
