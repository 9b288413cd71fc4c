import Catalogue
import JSON
import Journal
import Lua

/// Something a script asked for that it waits for.
enum ScriptRequest {
  /// An operation called directly.
  case call(Operation, Arguments)
  /// A write with its reason (`act`).
  case act(Subject, reason: String, Operation, Arguments)
  /// Branches of its own, at most so many at once.
  case branches(count: Int, concurrency: Int, LuaFunction)
  /// The instant to wait for, in milliseconds; `name` is what the script called.
  case wait(until: Milliseconds, name: String)
  /// The header: reading ends here in header mode.
  case header(JSON)
}

/// What a decision keeps of a subject.
struct Subject: Hashable {
  let id: String
  let amount: Money?
  let deadline: Milliseconds?
  let title: String?

  /// Reads what the language passes on.
  init(_ fields: JSON?) {
    id = fields?["id"]?.scalarText ?? ""
    amount = Money(json: fields?["amount"])
    deadline = fields?["deadline"]?.integer
    title = fields?["title"]?.string
  }
}
