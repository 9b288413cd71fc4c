import Catalogue
import JSON
import Journal
import Lua

import struct Foundation.TimeZone

/// What a script's surroundings answer at once; the run and the reading of a header each have their own.
protocol ScriptHost: AnyObject {
  /// Whether calls that leave the script raise `header`: only the header is wanted.
  var isReadingHeader: Bool { get }
  /// The parameters as the script sees them before its header types them.
  var givenParameters: JSON { get }
  /// The event that started the run, or nil.
  var event: JSON? { get }
  /// The plan that the run applies, or nil.
  var plan: PlanDocument? { get }
  /// What stands for ids that would be created, while a run only plans.
  var placeholders: Set<String> { get }
  /// Milliseconds since 1970, as the branch sees them.
  func now(in branch: LuaBranch) -> Milliseconds
  /// Types the parameters by the header that the script gave.
  func parameters(of header: JSON) throws(ParameterProblem) -> JSON
  /// The project's zone.
  var zone: TimeZone { get }
  /// Whether the branch may only read for now: it is inside `retry`.
  func isReading(_ branch: LuaBranch) -> Bool
  /// The branch enters or leaves `retry`.
  func setReading(_ isReading: Bool, in branch: LuaBranch)
  /// Why no further subject is looked at, or nil.
  var stoppedReason: String? { get }
  /// The tags of subjects when the run started, by id.
  var tags: JSON { get }
  /// Keeps what a branch said.
  func note(_ content: Note.Content, in branch: LuaBranch)
  /// The branch's last step, which a decision names.
  func lastStep(of branch: LuaBranch) -> StepPath
  /// Whether requests come with what the script's frames hold: someone looks into the run.
  var isWatched: Bool { get }
  /// Takes a request that the branch waits for.
  func take(_ request: ScriptRequest, from branch: LuaBranch, at position: LuaPosition?, _ scopes: [LuaScope])
}

extension ScriptHost {
  var plan: PlanDocument? { nil }
  var placeholders: Set<String> { [] }
  func isReading(_ branch: LuaBranch) -> Bool { false }
  func setReading(_ isReading: Bool, in branch: LuaBranch) {}
}
