import Catalogue
import JSON
import Journal
import Playbooks
import Redaction

/// One write as `ebb effects show` prints it.
struct EffectPage {
  let effect: EffectRecord
  let run: RunRecord
  /// The step that it is, where its result was delivered.
  let step: Step?
  /// Nil where today's catalogue does not know it any more.
  let operation: Operation?
  let time: LocalTime

  /// For machines: the effect's document with `arguments`, `answer`, `line`, `look`.
  var document: JSON {
    var document = effect.document
    document["playbook"] = .string(run.playbook)
    document["arguments"] = arguments
    document["answer"] = effect.answer ?? .null
    document["line"] = (step?.line).map(JSON.string)
    document["look"] = .array(looks.map(JSON.string))
    return .object(document)
  }

  /// For people.
  func text(_ terminal: Terminal) -> String {
    var facts = Facts()
    facts.add("effect", effect.id)
    facts.add("operation", effect.operation + (operation.map { "  \($0.chineseName ?? $0.name)" } ?? ""))
    facts.add("profile", effect.profile ?? run.profile)
    facts.add("playbook", run.playbook + (step?.line.map { ", \($0)" } ?? ""))
    facts.add("resource", effect.resource)
    facts.add("amount", effect.charge.map { "\($0.money) (\($0.direction.rawValue))" })
    facts.add("state", "\(effect.state.rawValue): \(effect.state.meaning)")
    facts.add("known", effect.detail)
    facts.add("announced", time.text(effect.intended) + (effect.attempt > 1 ? ", \(effect.attempt) times" : ""))
    facts.add("changed", time.text(effect.changed))
    facts.add("arguments", arguments.text(.pretty))
    facts.add("answer", effect.answer?.text(.pretty))
    var blocks = [facts.render(width: terminal.width, style: terminal.style)]
    if effect.state.isLive {
      blocks.append((["look, then say what you saw:"] + looks.map { "  " + $0 } + settling).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }

  /// The arguments, without what the catalogue marks secret.
  private var arguments: JSON {
    var shown = effect.arguments
    if let operation, let checked = try? operation.arguments(from: effect.arguments) {
      for pointer in operation.secrets(in: checked) { _ = shown.set(.string(Redactor.mask), at: pointer) }
    }
    return shown
  }

  /// Where its outcome shows: the reads of the catalogue's rule as commands, and the console.
  private var looks: [String] {
    var lines: [String] = []
    if let operation, let checked = try? operation.arguments(from: effect.arguments) {
      for read in operation.readBacks(of: checked, answer: effect.answer, intended: effect.intended) {
        let pairs = read.arguments.object?.map { key, value in
          value.string.map { "\(key)=\($0)" } ?? "\(key):=\(value.text())"
        }
        lines.append(
          (["ebb call \(read.operation)"] + (pairs ?? []) + ["--profile \(run.profile)"]).joined(separator: " "))
      }
    }
    lines.append("PandaPon's console: \(effect.resource.isEmpty ? effect.operation : effect.resource)")
    return lines
  }

  private var settling: [String] {
    [
      "  ebb effects settle \(effect.id) --confirmed --why \"…\"   it took effect",
      "  ebb effects settle \(effect.id) --not-done --why \"…\"    it did not",
    ]
  }
}
