import Lua

/// One part of the language of playbooks: a file of `stdlib/language`, loaded when a script first names something of it.
enum LanguagePart: String, CaseIterable {
  case approving
  case core
  case checks
  case decisions
  case header
  case lists
  case operations
  case saying
  case subjects
  case waiting

  /// The part that defines a name, of the script's globals or of what the parts share; nil for a name of the script's own.
  init?(defining name: String) {
    switch name {
    case "checked", "fail": self = .checks
    case "approve": self = .approving
    case "act", "hand_over", "keep": self = .decisions
    case "event", "params", "playbook": self = .header
    case "each", "parallel": self = .lists
    case "account", "alibaba", "operation_id", "taobao", "warehouse": self = .operations
    case "log", "print", "report": self = .saying
    case "id_of", "subject_of": self = .subjects
    case "now", "sleep", "wait_until": self = .waiting
    default: return nil
    }
  }

  /// Compiles the part, or takes it from the process's cache; nil where the texts are older than the part.
  func load(from texts: ScriptTexts, into lua: LuaState) throws(LuaError) -> LuaFunction? {
    guard let text = texts.language(self) else { return nil }
    return try lua.load(text, name: rawValue, visibility: .host)
  }
}
