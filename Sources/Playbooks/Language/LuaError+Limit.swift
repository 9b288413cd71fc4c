import Lua

extension LuaError {
  /// Whether the script was ended for good by a limit (G5).
  var isLimit: Bool { kind == .time || kind == .memory }
}
