import Catalogue
import JSON
import Lua

/// The calls of `ebb.events` (`stdlib/ebb/events.lua`).
extension ScriptWorld {
  func registerEvents() {
    define("raise_event", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        let kind = try self.event(arguments[0])
        let lineage = self.host.lineage
        guard !lineage.contains(kind.id) else {
          throw ScriptFailure(
            .guard, "events.raise: this run was started by \(kind.id); raising it again would start it for ever",
            operation: kind.id, hint: "leave it to a playbook that runs by a schedule or by hand")
        }
        guard let body = arguments[1], body.object != nil else {
          throw ScriptFailure(.invalid, "events.raise: the body must be a table of fields", operation: kind.id)
        }
        if let about = try? kind.about(), about.subject(of: body) == nil {
          let places = about.id.map { $0.tokens.joined(separator: ".") }.joined(separator: " or ")
          throw ScriptFailure(
            .invalid, "events.raise: the body must name what it is about: \(places)", operation: kind.id)
        }
        return .store(
          .raise(
            RaisedEvent(
              kind: kind, body: body,
              key: try arguments[2].map { key throws(ScriptFailure) in
                try Self.name(key, "events.raise: the key", most: Self.longestEventKey)
              },
              since: try arguments[3].map { value throws(ScriptFailure) in try Self.instant(value) }, lineage: lineage))
        )
      }
    }
  }

  /// In bytes: what makes an event the same may hold several ids.
  private static let longestEventKey = 500

  private func event(_ value: JSON?) throws(ScriptFailure) -> Operation {
    guard let id = value?.string else {
      throw ScriptFailure(.invalid, "events.raise: the kind must be a text such as \"taobao.events.refundChanged\"")
    }
    guard let operation = catalogue[id], operation.effect == .event else {
      let events = catalogue.operations.filter { $0.effect == .event }.map(\.id)
      let near = EditDistance.nearest(to: id, among: events).map { "; did you mean \($0)?" } ?? ""
      throw ScriptFailure(
        .invalid, "events.raise: there is no event \(id)\(near)",
        hint: near.isEmpty ? "`ebb api list events` shows all" : nil)
    }
    return operation
  }

  private static func instant(_ value: JSON) throws(ScriptFailure) -> Int64 {
    guard let instant = value.integer ?? value.string.flatMap(InstantText.milliseconds) else {
      throw ScriptFailure(
        .invalid, "events.raise: since must be an instant in milliseconds, or 2026-11-01T09:30:00+08:00")
    }
    return instant
  }
}

extension ScriptHost {
  /// The kinds of the events that led to this run, the latest last: none of them may be raised here.
  fileprivate var lineage: [String] {
    guard let event, let kind = event["kind"]?.string else { return [] }
    return (event["envelope"]?["lineage"]?.array ?? []).compactMap(\.string) + [kind]
  }
}
