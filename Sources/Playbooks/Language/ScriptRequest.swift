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
  /// A write of a plan that is applied, as it was shown.
  case carryOut(PendingStep.Act, Operation, Arguments)
  /// Branches of its own, at most so many at once.
  case branches(count: Int, concurrency: Int, LuaFunction)
  /// The instant to wait for, in milliseconds; `name` is what the script called.
  case wait(until: Milliseconds, name: String)
  /// A question to a person (`approve`).
  case approve(Question)
  /// Something that the store itself answers.
  case store(StoreCall)
  /// A message to people (`notify.send`).
  case notify(Notice)
  /// The header: reading ends here in header mode.
  case header(JSON)
}

/// What a script asks a person.
struct Question: Hashable {
  /// What is asked, in a line.
  let title: String
  /// What is shown.
  let items: JSON
  /// How long a person may take, in milliseconds.
  let expires: Milliseconds

  /// The question as it is journaled.
  var json: JSON { ["title": .string(title), "items": items, "expires": .integer(expires)] }

  /// The same as the store is asked it, at that moment.
  func request(at path: StepPath, now: Milliseconds) -> ApprovalRequest {
    ApprovalRequest(path: path, title: title, items: items, claims: [], expires: now + expires)
  }
}

extension ScriptRequest {
  /// What it is about, where a decision will be made of it.
  var subject: Subject? {
    switch self {
    case .act(let subject, _, _, _): subject
    case .carryOut(let act, _, _): act.subject
    case .call, .branches, .wait, .approve, .store, .notify, .header: nil
    }
  }
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
