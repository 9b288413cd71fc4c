import Foundation
import JSON
import Lua

/// What Ebb's Lua costs beside Lua as it comes: metering, calls of the host, values, and ordered iteration.
///
/// All in seconds of CPU of the thread that runs it, so that another process on the machine does not count.
actor LuaSpeed {
  private let peers: Peers
  private let thread = LuaThread.next()
  private let rounds = 9

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(peers: Peers) { self.peers = peers }

  func measure() async throws -> [Measurement] {
    try await [metering(), call(), decoding(), encoding()] + iteration()
  }

  private func metering() async throws -> Measurement {
    let name = "metering of a tight loop, of lua5.4"
    let file = peers.path("tight.lua")
    guard let source = FileManager.default.contents(atPath: file) else { throw BenchError("there is no file \(file)") }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/lua5.4") else {
      return Measurement(skipped: name, because: "there is no lua5.4")
    }
    let peer = try Child("/usr/bin/lua5.4", [peers.path("plain.lua"), file])
    defer { peer.close() }
    let figures = try await interleaved(
      rounds: rounds, [{ try EbbLua().seconds(Array(source)) }, { try peer.ask("go") }])
    return Measurement(name, ratio(figures[0], to: figures[1]), .atMost(1.05), note: Self.times(figures, count: 1))
  }

  private func call() async throws -> Measurement {
    let count: Int64 = 2_000_000
    let (ours, plain) = (try EbbLua(), try PlainLua())
    let figures = try await interleaved(
      rounds: rounds,
      [
        {
          try ours.seconds(
            "local host, count = ...; local noop = host.noop; for _ = 1, count do noop() end", count, isHost: true)
        },
        { try plain.seconds("local noop, count = noop, ...; for _ = 1, count do noop() end", count) },
      ])
    return Measurement(
      "a no-op host call, of a C function in plain Lua", ratio(figures[0], to: figures[1]),
      note: Self.times(figures, count: Double(count)))
  }

  private func decoding() async throws -> Measurement {
    let document = try Document.body()
    let count: Int64 = 10_000
    let lua = try EbbLua(answer: document)
    let figures = try await interleaved(
      rounds: rounds,
      [{ try lua.seconds("local host, count = ...; for _ = 1, count do host.answer() end", count, isHost: true) }])
    return Measurement(
      "JSON, the documented answer to the Lua stack", Self.rate(document, count, figures[0]), unit: "MB/s",
      .atLeast(100), note: "\(document.count) bytes")
  }

  private func encoding() async throws -> Measurement {
    let document = try Document.body()
    let count: Int64 = 10_000
    let lua = try EbbLua(answer: document)
    let figures = try await interleaved(
      rounds: rounds,
      [
        {
          try lua.seconds(
            "local host, count = ...; local answer = host.answer(); for _ = 1, count do host.take(answer) end", count,
            isHost: true)
        }
      ])
    return Measurement(
      "JSON, from the Lua stack to canonical bytes", Self.rate(document, count, figures[0]), unit: "MB/s")
  }

  private func iteration() async throws -> [Measurement] {
    let source = """
      local keys, turns = ...
      local all, sum = {}, 0
      for i = 1, keys do all["key" .. i * 7919 % 1000003] = i end
      for _ = 1, turns do
        for _, value in pairs(all) do sum = sum + value end
      end
      return sum
      """
    var result: [Measurement] = []
    for keys in [10, 100, 1000] {
      let turns = Int64(1_000_000 / keys)
      let (ours, plain) = (try EbbLua(), try PlainLua())
      let figures = try await interleaved(
        rounds: rounds,
        [
          { try ours.seconds(source, Int64(keys), turns) }, { try plain.seconds(source, Int64(keys), turns) },
        ])
      result.append(
        Measurement(
          "ordered pairs of \(keys) keys, of stock next", ratio(figures[0], to: figures[1]), .below(7),
          note: Self.times(figures, count: 1_000_000)))
    }
    return result
  }

  /// Megabytes a second at the median.
  private static func rate(_ document: [UInt8], _ count: Int64, _ seconds: [Double]) -> Double {
    Double(document.count) * Double(count) / median(seconds) / 1e6
  }

  /// Both medians, in ns where they are of many turns.
  private static func times(_ figures: [[Double]], count: Double) -> String {
    figures.map { seconds in
      count == 1
        ? Measurement.text(median(seconds) * 1000) + " ms" : Measurement.text(median(seconds) / count * 1e9) + " ns"
    }.joined(separator: " of ")
  }
}

/// A state of Ebb's with three host functions: `noop`, `answer` and `take`.
private final class EbbLua {
  private let state: LuaState

  init(answer: [UInt8] = []) throws {
    state = try LuaState(limits: LuaLimits(slice: .seconds(60)), seed: 1)
    state.register("noop", waits: false) { _ in .values([]) }
    state.register("answer", waits: false) { _ in .bytes([answer]) }
    state.register("take", waits: false) { call in
      do throws(LuaError) {
        _ = try call.arguments()
        return .values([])
      } catch {
        return .raise(LuaRaise(code: "invalid", message: error.description))
      }
    }
  }

  func seconds(_ source: String, _ arguments: Int64..., isHost: Bool = false) throws -> Double {
    try seconds(Array(source.utf8), arguments, isHost: isHost)
  }

  /// Compiles and runs a chunk with these arguments; seconds of CPU that running it took.
  func seconds(_ source: [UInt8], _ arguments: [Int64] = [], isHost: Bool = false) throws -> Double {
    let function = try state.load(source, name: "bench", visibility: isHost ? .host : .script)
    let branch = state.start(function)
    let start = threadSeconds()
    let outcome = state.resume(branch, with: .start(arguments.map { .integer($0) }))
    let seconds = threadSeconds() - start
    guard case .finished = outcome else { throw BenchError("a chunk did not finish: \(outcome)") }
    return seconds
  }
}
