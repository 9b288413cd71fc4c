import JSON
import Journal
import Lua
import Playbooks

/// One step of a past run as `ebb runs debug` shows it.
struct DebugStep {
  let stop: ReplayStop
  /// The texts that the run executes.
  let version: PlaybookVersion
  /// The decisions that the step led to.
  let decisions: [Decision]

  private var step: Step { stop.step }
  private var arguments: JSON { (try? JSON(parsing: step.arguments)) ?? .null }

  /// For machines: `{step, operation, arguments, line, duration_ms, attempts, returned | raised, frames, decisions}`.
  var document: JSON {
    var document: JSONObject = [
      "step": .string(step.path.description), "operation": .string(step.name), "arguments": arguments,
      "duration_ms": .integer(max(0, step.instant - step.began)), "attempts": .integer(Int64(step.attempts)),
    ]
    document["line"] = stop.line.map(JSON.string)
    if let raised = step.raised { document["raised"] = raised } else { document["returned"] = .array(step.returned) }
    document["frames"] = .array(
      stop.scopes.map { scope in
        var variables = JSONObject()
        for variable in scope.variables {
          variables[variable.name] = variable.value ?? .string("(\(variable.note ?? "not shown"))")
        }
        return [
          "line": .string(scope.frame.position.description),
          "function": scope.frame.function.map(JSON.string) ?? .null, "variables": .object(variables),
        ]
      })
    document["decisions"] = .array(decisions.map { .object($0.document) })
    return .object(document)
  }

  /// For people: the line with some source around it, what the function holds, the arguments and the answer.
  func text(_ terminal: Terminal) -> String {
    let style = terminal.style
    let width = terminal.width ?? 200
    var lines = [
      style.paint("step \(step.path)", .heading) + " (\(stop.ordinal) of \(stop.count))  "
        + style.paint(step.name, .name) + (stop.line.map { "  " + style.paint($0, .faint) } ?? "")
    ]
    lines += source(style, width)
    var facts = Facts()
    if let scope = stop.scopes.first {
      for variable in scope.variables {
        guard let value = variable.value else { continue }
        facts.add((variable.isOuter ? "^" : "") + variable.name, Self.shown(value, width - 16))
      }
      facts.add("not shown", unshown(of: scope))
    }
    facts.add("arguments", Self.cut(arguments.text(), width - 16))
    facts.add("answer", answer(width - 16))
    for decision in decisions {
      facts.add(
        "decision",
        ["\(decision.kind.rawValue) \(decision.subject): \(decision.reason)", decision.detail]
          .compactMap(\.self).joined(separator: "; "))
    }
    lines.append(facts.render(width: width, style: style))
    return lines.joined(separator: "\n")
  }

  /// A variable of the innermost frame that knows the name, whole.
  func variable(_ name: String) -> String? {
    for scope in stop.scopes {
      if let found = scope.variables.first(where: { $0.name == name }) {
        return Terminal.clean(found.value?.text(.pretty) ?? "(\(found.note ?? "not shown"))", keepLines: true)
      }
    }
    return nil
  }

  private func answer(_ width: Int) -> String {
    let took =
      "  (\(LocalTime.span(step.instant - step.began))" + (step.attempts > 1 ? ", \(step.attempts) tries)" : ")")
    if let raised = step.raised { return Self.cut("raised " + raised.text(), width - took.count) + took }
    return Self.cut(step.returned.map { $0.text() }.joined(separator: ", "), width - took.count) + took
  }

  /// Two lines before and after, the line itself marked.
  private func source(_ style: Style, _ width: Int) -> [String] {
    guard let place = stop.line, let number = place.split(separator: ":").last.flatMap({ Int($0) }) else { return [] }
    let file = place.dropLast("\(number)".count + 1)
    let around = max(1, number - 2)...(number + 2)
    let digits = String(around.upperBound).count
    return around.compactMap { line in
      guard let text = version.line(at: "\(file):\(line)") else { return nil }
      let count = String(repeating: " ", count: digits - String(line).count) + "\(line)"
      let shown = TextWidth.truncated(
        "\(line == number ? ">" : " ") \(count) │ " + Terminal.clean(text), to: width)
      return line == number ? shown : style.paint(shown, .faint)
    }
  }

  /// What has no value to show: modules, mostly, and tables that are too large or hold functions.
  private func unshown(of scope: LuaScope) -> String {
    scope.variables.filter { $0.value == nil && $0.note != "function" }
      .map { $0.note == "a function cannot be sent" ? $0.name : "\($0.name) (\($0.note ?? ""))" }
      .joined(separator: ", ")
  }

  private static func shown(_ value: JSON, _ width: Int) -> String {
    cut(Money(json: value)?.description ?? value.text(), width)
  }

  private static func cut(_ text: String, _ width: Int) -> String {
    TextWidth.truncated(Terminal.clean(text), to: max(20, width))
  }
}
