import JSON
import Lua

/// Runs a body on a Lua thread, which is where states live.
func onLuaThread<Value: Sendable>(_ body: @Sendable () throws -> Value) async rethrows -> Value {
  try await Bench().run(body)
}

private actor Bench {
  private let thread = LuaThread.next()
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  func run<Value: Sendable>(_ body: @Sendable () throws -> Value) rethrows -> Value { try body() }
}

/// What the host of a test answers to `host.NAME`, and what it has seen.
final class World {
  let state: LuaState
  /// Arguments of calls to `host.note`, in order.
  private(set) var notes: [JSON] = []
  /// Arguments of calls to `host.wait` that wait to be answered.
  private(set) var waiting: [(branch: LuaBranch, arguments: JSON)] = []
  /// Branches to be started, by `host.spawn(f)`.
  private(set) var spawned: [LuaFunction] = []

  /// Time enough on any machine, for tests that are not about limits: a tracer, a slow machine or a deep stack does not end them.
  static let roomy = LuaLimits(slice: .seconds(60))

  /// A state whose globals hold `host`.
  init(limits: LuaLimits = roomy, seed: UInt64 = 1) throws {
    state = try LuaState(limits: limits, seed: seed)
    state.register("note", waits: false) { [unowned self] call in
      do {
        notes.append(.array(try call.json()))
        return .values([])
      } catch {
        return .raise(LuaRaise(code: "invalid", message: "\(error)"))
      }
    }
    state.register("place", waits: false) { call in
      .values([call.position().map { .string($0.description) } ?? .null])
    }
    state.register("fail", waits: false) { call in
      .raise(LuaRaise(code: "rejected", message: "the host says no", more: ["detail": 7]))
    }
    state.register("echo", waits: false) { call in
      do { return .bytes([try call.arguments()]) } catch {
        return .raise(LuaRaise(code: "invalid", message: "\(error)"))
      }
    }
    state.register("wait") { [unowned self] call in
      waiting.append((call.branch, (try? call.json()).map { .array($0) } ?? .null))
      return .suspend
    }
    state.register("spawn", waits: false) { [unowned self] call in
      if let function = call.function(at: 0) { spawned.append(function) }
      return .values([])
    }
    let chunk = try state.load(Array("host = ...".utf8), name: "world", visibility: .host)
    guard case .finished = state.resume(state.start(chunk), with: .start([])) else { throw Broken() }
  }

  struct Broken: Error {}

  func load(_ source: String, name: String = "shop.lua", visibility: LuaVisibility = .script) throws -> LuaFunction {
    try state.load(Array(source.utf8), name: name, visibility: visibility)
  }

  /// Runs a script to its end; every `host.wait(...)` is answered with its own arguments, as an array.
  func run(_ source: String, name: String = "shop.lua") throws -> LuaOutcome {
    let branch = state.start(try load(source, name: name))
    return drive(branch, state.resume(branch, with: .start([])))
  }

  /// Answers waits until nothing more suspends.
  func drive(_ branch: LuaBranch, _ first: LuaOutcome) -> LuaOutcome {
    var outcome = first
    while case .suspended = outcome, let next = waiting.firstIndex(where: { $0.branch == branch }) {
      let arguments = waiting.remove(at: next).arguments
      outcome =
        arguments[0]?.string == "fail"
        ? state.resume(branch, with: .raises(LuaRaise(code: "late", message: "the host says no, later")))
        : state.resume(branch, with: .returns([arguments.bytes(.compact)]))
    }
    return outcome
  }

  func takeWaiting() -> [(branch: LuaBranch, arguments: JSON)] {
    defer { waiting = [] }
    return waiting
  }
}

extension LuaOutcome {
  /// The result as JSON text, or the error as `kind: description`.
  var summary: String {
    switch self {
    case .suspended: "suspended"
    case .finished(let bytes): bytes.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
    case .failed(let error): "\(error.kind): \(error)"
    }
  }

  var error: LuaError? {
    guard case .failed(let error) = self else { return nil }
    return error
  }
}
