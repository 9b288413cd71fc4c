public import JSON
import Lua

extension RunFailure {
  /// A failure as a run's record keeps it; see ``json``.
  public init(json: JSON) {
    let position = json["file"]?.string.map { LuaPosition(file: $0, line: Int(json["line"]?.integer ?? 0)) }
    self.init(
      message: json["message"]?.string ?? "it failed", position: position, hint: json["hint"]?.string,
      code: json["code"]?.string.flatMap(ScriptFailure.Code.init(rawValue:)), isLimit: json["code"] == "limit",
      trace: json["trace"]?.array?.compactMap(\.string) ?? [])
  }
}
