import Journal
public import Lua

/// Why a run failed.
public struct RunFailure: Error, Hashable, Sendable {
  /// What went wrong.
  public let message: String
  /// Where in the merchant's script.
  public let position: LuaPosition?
  /// The calls that led there, innermost first, the merchant's frames only.
  public let trace: [String]
  /// What to do about it, where that is known.
  public let hint: String?
  /// The error's code, where it was one of Ebb's.
  public let code: ScriptFailure.Code?
  /// Whether the script was stopped by a limit (G5).
  public let isLimit: Bool
  /// Whether a person said no to what the script asked, or nobody answered in time.
  public let isTurnedDown: Bool

  init(
    message: String, position: LuaPosition? = nil, hint: String? = nil, code: ScriptFailure.Code? = nil,
    isLimit: Bool = false, trace: [String] = []
  ) {
    self.message = message
    self.position = position
    self.hint = hint
    self.code = code
    self.isLimit = isLimit
    isTurnedDown = false
    self.trace = trace
  }

  /// The failure of a script that could not be read, or raised.
  public init(_ error: LuaError) {
    let known = error.value.flatMap(ScriptFailure.init(fields:))
    message = known?.message ?? error.message
    position = error.position
    trace = error.trace.map(\.description)
    hint = known?.hint
    code = known?.code
    isLimit = error.isLimit
    let ends = [Approval.State.rejected, .expired].map(\.rawValue)
    isTurnedDown = known?.code == .held && known?.effect.map(ends.contains) == true
  }
}
