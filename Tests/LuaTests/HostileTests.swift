import Foundation
import Testing

@testable import Lua

/// Scripts that want to hurt the worker. Each states in its first line how it may end: a kind of error, or `ends`.
@Suite struct HostileTests {
  struct Script: Sendable, CustomTestStringConvertible {
    let name: String
    let source: [UInt8]
    let endings: Set<String>
    var testDescription: String { name }
  }

  static let limits = LuaLimits(memory: 24 << 20, slice: .milliseconds(70))

  static let corpus: [Script] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Hostile")
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "lua" }.sorted { $0.path < $1.path }.map { file in
      let bytes = [UInt8]((try? Data(contentsOf: file)) ?? Data())
      let head = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      let endings = head.hasPrefix("-- ends: ") ? head.dropFirst(9).split(separator: " ").map(String.init) : []
      return Script(name: file.lastPathComponent, source: bytes, endings: Set(endings))
    }
  }()

  @Test func thereAreEnough() {
    #expect(Self.corpus.count >= 40)
    #expect(Self.corpus.allSatisfy { !$0.endings.isEmpty })
  }

  @Test(arguments: corpus)
  func stops(_ script: Script) async throws {
    let (outcome, took, worked) = try await onLuaThread {
      let clock = ContinuousClock()
      let began = clock.now
      let before = cpuTime()
      let outcome: Result<LuaOutcome, LuaError> = try {
        let world = try World(limits: Self.limits)
        do {
          let chunk = try world.state.load(script.source, name: script.name, visibility: .script)
          let branch = world.state.start(chunk)
          return .success(world.drive(branch, world.state.resume(branch, with: .start([]))))
        } catch let error as LuaError {
          return .failure(error)
        }
      }()
      return (outcome, clock.now - began, cpuTime() - before)
    }
    // On a busy machine a script gets less than a core; what it computed is what the limits are about.
    #expect(took < .seconds(1) || worked < .milliseconds(700), "took \(took), computed \(worked)")

    let error: LuaError? =
      switch outcome {
      case .success(let outcome): outcome.error
      case .failure(let error): error
      }
    #expect(script.endings.contains(error.map { "\($0.kind)" } ?? "ends"), "\(error.map { "\($0)" } ?? "ended")")
    if let error {
      #expect(error.position?.file == script.name)
      #expect((error.position?.line ?? 0) > 0)
      #expect(error.message.utf8.count <= 8192 + 100)
    }

    // The next run in the same process is none the wiser.
    let next = try await onLuaThread { try World().run("local t = {} for i = 1, 10 do t[i] = i end return #t").summary }
    #expect(next == "10")
  }
}

/// CPU time of the calling thread.
private func cpuTime() -> Duration {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
}
