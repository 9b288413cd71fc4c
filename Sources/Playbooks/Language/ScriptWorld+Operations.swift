import Catalogue
import JSON
import Lua

/// What a script calls of the API, and what goes with it: acts, questions, pages, branches.
extension ScriptWorld {
  func registerOperations() {
    define("operation") { [unowned self] call in
      answer(call) { arguments throws(ScriptFailure) in [.bool(try self.isOperation(arguments.text(0)))] }
    }
    define("call", waits: true) { [unowned self] call in
      let branch = call.branch
      return request(call) { arguments throws(ScriptFailure) in
        let operation = try self.operation(arguments.text(0))
        try self.checkRetry(of: operation, in: branch)
        return .call(operation, try self.checked(arguments[1], for: operation))
      }
    }
    define("act", waits: true) { [unowned self] call in
      let branch = call.branch
      return request(call) { arguments throws(ScriptFailure) in
        let operation = try self.operation(arguments.text(2))
        try self.checkRetry(of: operation, in: branch)
        guard operation.effect == .write else {
          throw ScriptFailure(.invalid, "act: \(operation.id) is a read; call it directly", operation: operation.id)
        }
        return .act(
          Subject(arguments[0]), reason: arguments.text(1), operation, try self.checked(arguments[3], for: operation))
      }
    }
    define("approve", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        let expires = try arguments[2].map { value throws(ScriptFailure) in try Self.duration(value) }
        return .approve(
          Question(
            title: arguments.text(0), items: arguments[1] ?? [], expires: expires ?? WritePolicy.defaultExpiry))
      }
    }
    define("notify", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in .notify(try Notice(arguments[0] ?? [:])) }
    }
    define("tags") { [unowned self] call in
      answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        var found: [String] = []
        for id in arguments.values.compactMap(\.scalarText) {
          for tag in self.host.tags[id]?.array?.compactMap(\.string) ?? [] where !found.contains(tag) {
            found.append(tag)
          }
        }
        return [.array(found.map(JSON.string))]
      }
    }
    define("page") { [unowned self] call in
      answer(call) { arguments throws(ScriptFailure) in
        let operation = try self.operation(arguments.text(0))
        guard operation.effect == .read else {
          throw ScriptFailure(.invalid, "pages: \(operation.id) is a write", operation: operation.id)
        }
        guard let rule = operation.page else { return [["size": 1]] }
        var fields: JSONObject = ["number": .string(rule.number.description), "size": .integer(rule.maximum)]
        fields["size_field"] = rule.size.map { .string($0.description) }
        fields["id"] = rule.id.map { .string($0.description) }
        return [.object(fields)]
      }
    }
    define("reading") { [unowned self] call in
      let branch = call.branch
      return answer(call) { arguments throws(ScriptFailure) in
        self.host.setReading(arguments[0]?.bool == true, in: branch)
        return []
      }
    }
    define("hold") { [unowned self] call in
      held = call.function(at: 0)
      return .values([])
    }
    define("branches", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        guard let function = self.held else { throw ScriptFailure(.invalid, "a function is missing") }
        self.held = nil
        return .branches(
          count: Int(arguments[0]?.integer ?? 0), concurrency: Int(arguments[1]?.integer ?? 1), function)
      }
    }
  }

  func operation(_ id: String) throws(ScriptFailure) -> Operation {
    guard let operation = catalogue[id], operation.effect != .event else { throw unknownOperation(id) }
    return operation
  }

  private func isOperation(_ path: String) throws(ScriptFailure) -> Bool {
    if let operation = catalogue[path] {
      guard operation.effect != .event else {
        throw ScriptFailure(.invalid, "\(path) is an event: playbooks subscribe to it with on = { \"\(path)\" }")
      }
      return true
    }
    guard catalogue.operations.contains(where: { $0.id.hasPrefix(path + ".") }) else { throw unknownOperation(path) }
    return false
  }

  private func unknownOperation(_ id: String) -> ScriptFailure {
    let near = catalogue.nearest(to: id)
    return ScriptFailure(
      .invalid, "there is no operation \(id)" + (near.map { "; did you mean \($0)?" } ?? ""),
      hint: near == nil ? "`ebb api list` shows all" : nil)
  }

  /// A write is settled, and repeated where that is safe, by Ebb: a script that repeats one may do it twice.
  private func checkRetry(of operation: Operation, in branch: LuaBranch) throws(ScriptFailure) {
    guard operation.effect == .write, host.isReading(branch) else { return }
    throw ScriptFailure(
      .invalid, "retry: \(operation.id) is a write; only reads are tried again", operation: operation.id,
      hint: "call it outside: Ebb finds out what became of a write, and repeats it where that is safe")
  }

  func checked(_ value: JSON?, for operation: Operation) throws(ScriptFailure) -> Arguments {
    do throws(ArgumentError) {
      // In a plan, and when it is applied, an id that an earlier write creates is known by its placeholder alone (PlanWorld).
      return try operation.arguments(from: value ?? [:], admitting: host.placeholders)
    } catch {
      throw ScriptFailure(.invalid, error.description, operation: operation.id)
    }
  }
}
