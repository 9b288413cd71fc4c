import Catalogue
import JSON
import Lua

/// One test: a state of its own, on a thread of Ebb's own, and a world of its own.
actor TestCase {
  private let thread = LuaThread.next()
  private let file: TestFile
  private let snapshots: SnapshotBook
  private let worlds: Int

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// - Parameter worlds: how many random worlds a property is held against.
  init(_ file: TestFile, worlds: Int, snapshots: SnapshotBook) {
    self.file = file
    self.worlds = worlds
    self.snapshots = snapshots
  }

  /// The names of the file's tests, in their order.
  func names() throws(LuaError) -> [String] {
    let script = try TestScript(file, worlds: worlds, snapshots: snapshots)
    try declare(in: script)
    return try script.names()
  }

  private func declare(in script: TestScript) throws(LuaError) {
    switch script.lua.resume(try script.declaring(), with: .start([])) {
    case .finished: break
    case .failed(let error): throw error
    case .suspended:
      throw LuaError(
        kind: .runtime, message: "\(file.path) asks for something outside of a test: put it into test(\"…\", function)")
    }
  }

  /// Runs the test of that place, from 1; nil where it passed.
  func run(
    _ place: Int, named name: String, on stage: TestStage, say: @escaping @Sendable (String) -> Void
  ) async -> TestOutcome.Failure? {
    do throws(LuaError) {
      let script = try TestScript(
        file, name: name, worlds: worlds, seed: UInt64(clamping: place), snapshots: snapshots, say: say)
      try declare(in: script)
      let branch = try script.running(place)
      var resumption = LuaResumption.start([])
      while true {
        script.lua.now = await stage.now
        switch script.lua.resume(branch, with: resumption) {
        case .finished: return nil
        case .failed(let error): throw error
        case .suspended:
          guard let request = script.takeRequest() else {
            return TestOutcome.Failure("the test waits for nothing")
          }
          resumption = await Self.answer(request, on: stage)
        }
      }
    } catch {
      return TestOutcome.Failure(error)
    }
  }

  private static func answer(_ request: TestScript.Request, on stage: TestStage) async -> LuaResumption {
    do throws(TestProblem) {
      return .returns([try await stage.answer(request).bytes()])
    } catch {
      return .raises(LuaRaise(code: "invalid", message: error.description))
    }
  }
}
