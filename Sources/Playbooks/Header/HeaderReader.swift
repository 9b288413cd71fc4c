public import Catalogue
public import Foundation
import JSON
public import Journal
public import Lua

/// Reads a playbook's header, and runs nothing: every call that would leave the script raises, and `playbook{…}` ends
/// the reading.
public actor HeaderReader {
  private let thread = LuaThread.next()
  private let catalogue: Catalogue

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// A reader that knows those operations.
  public init(catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// The header of a script; nil where it has none.
  ///
  /// - Throws: ``LuaError`` where the script cannot be read or fails before its header, ``ParameterProblem`` where the
  ///   header is wrong.
  public func header(of source: [UInt8], file: String, folder: URL?, limits: LuaLimits = LuaLimits()) throws -> Header?
  {
    try header(
      of: try PlaybookVersion(of: source, file: file, folder: folder, catalogue: catalogue), limits: limits)
  }

  /// The header of a version's playbook; nil where it has none.
  ///
  /// - Throws: as ``header(of:file:folder:limits:)`` does.
  public func header(of version: PlaybookVersion, limits: LuaLimits = LuaLimits()) throws -> Header? {
    let file = version.playbook.path
    let host = HeaderHost()
    let world = try ScriptWorld(
      catalogue: catalogue, texts: ScriptTexts(version), limits: limits, seed: 0, host: host)
    let chunk = try world.main()
    switch world.lua.resume(world.lua.start(chunk, seed: 0), with: .start([])) {
    case .suspended: break
    case .finished: return nil
    case .failed(let error):
      guard error.value?["code"]?.string == ScriptFailure.Code.header.rawValue else { throw error }
      return nil
    }
    guard let header = host.header else { return nil }
    let name = file.split(separator: "/").last.map { String($0.replacing(".lua", with: "")) } ?? file
    let parsed = try Header(parsing: header, fileName: name)
    try parsed.guards.check(against: catalogue)
    return parsed
  }
}

/// Surroundings in which nothing can be done but to say who one is.
private final class HeaderHost: ScriptHost {
  let isReadingHeader = true
  let isWatched = false
  let givenParameters: JSON = [:]
  let event: JSON? = nil
  let stoppedReason: String? = nil
  let tags: JSON = [:]
  let zone = TimeZone.gmt
  private(set) var header: JSON?

  func now(in branch: LuaBranch) -> Milliseconds { 0 }
  func parameters(of header: JSON) -> JSON { [:] }
  func note(_ content: Note.Content, in branch: LuaBranch) {}
  func lastStep(of branch: LuaBranch) -> StepPath { StepPath() }
  func take(_ request: ScriptRequest, from branch: LuaBranch, at position: LuaPosition?, _ scopes: [LuaScope]) {
    if case .header(let header) = request { self.header = header }
  }
}
