import CResources
import Foundation
import JSON
import Lua
import Playbooks

/// The Lua state of one test: its file, and the words that tests are written in.
///
/// Confined, as the state is, to the actor that owns it.
final class TestScript {
  /// What the test asks its world for, and waits for.
  struct Request: Sendable {
    let verb: String
    let arguments: [JSON]
  }

  let lua: LuaState
  private let file: TestFile
  private let snapshots: SnapshotBook
  private let name: String
  private let say: @Sendable (String) -> Void
  private var request: Request?
  private let worlds: Int

  /// A state in which the file is to be loaded.
  ///
  /// - Parameters:
  ///   - name: the test that will run; nothing while names are only read.
  ///   - worlds: how many random worlds a property is held against.
  ///   - seed: what `math.random` draws from.
  ///   - say: told what the test prints.
  init(
    _ file: TestFile, name: String = "", worlds: Int, seed: UInt64 = 1, snapshots: SnapshotBook,
    say: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(LuaError) {
    self.say = say
    self.file = file
    self.name = name
    self.worlds = worlds
    self.snapshots = snapshots
    lua = try LuaState(seed: seed)
    lua.moduleLoader = { [file] in file.module($0) }
    lua.register("ask") { [unowned self] call in
      guard let arguments = try? call.json(), let verb = arguments.first?.string else {
        return .raise(LuaRaise(code: "invalid", message: "this value cannot leave the test: a function, say"))
      }
      request = Request(verb: verb, arguments: Array(arguments.dropFirst()))
      return .suspend
    }
    lua.register("fail", waits: false) { call in
      let arguments = (try? call.json()) ?? []
      return .raise(LuaRaise(code: arguments.first?.string ?? "invalid", message: arguments.last?.string ?? ""))
    }
    lua.register("say", waits: false) { [say] call in
      say((try? call.json())?.first?.string ?? "")
      return .values([])
    }
    lua.register("worlds", waits: false) { [worlds] _ in .values([.integer(Int64(worlds))]) }
    lua.register("snapshot", waits: false) { [unowned self] call in
      let arguments = (try? call.json()) ?? []
      let kept = self.snapshots.text(
        of: self.name, named: arguments.first?.string ?? "", now: arguments.last?.string ?? "")
      return .values([.string(kept)])
    }
    guard let words = EmbeddedFile.bytes("stdlib/testing/language.lua") else {
      throw LuaError(kind: .source, message: "the program holds no language for tests")
    }
    let language = lua.start(try lua.load(words, name: "testing", visibility: .host))
    if case .failed(let error) = lua.resume(language, with: .start([])) { throw error }
  }

  /// The branch that runs the file itself, in which tests are declared.
  func declaring() throws(LuaError) -> LuaBranch {
    lua.start(try lua.load(file.source, name: file.path, visibility: .script))
  }

  /// The names of what was declared, in its order.
  func names() throws(LuaError) -> [String] {
    let branch = lua.start(try lua.load(Array("return (...).shared.names()".utf8), name: "names", visibility: .host))
    switch lua.resume(branch, with: .start([])) {
    case .finished(let value):
      return ((try? JSON(parsing: value ?? []))?.array ?? []).compactMap(\.string)
    case .failed(let error): throw error
    case .suspended: throw LuaError(kind: .runtime, message: "names cannot wait")
    }
  }

  /// The branch that runs the test of that place, from 1.
  func running(_ place: Int) throws(LuaError) -> LuaBranch {
    let source = Array("(...).shared.run(\(place))".utf8)
    return lua.start(try lua.load(source, name: "run", visibility: .host))
  }

  /// What the suspended branch asked for.
  func takeRequest() -> Request? { request.take() }
}
