import JSON
import Journal
import Lua

/// The calls of `ebb.state` (`stdlib/ebb/state.lua`).
extension ScriptWorld {
  func registerState() {
    define("state_get", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        .store(.get(try Self.key(arguments[0], "state.get")))
      }
    }
    define("state_set", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        let key = try Self.key(arguments[0], "state.set")
        guard let value = arguments[1] else {
          throw ScriptFailure(.invalid, "state.set: the value of \(key) is nil; state.delete(key) forgets it")
        }
        let size = value.bytes().count
        guard size <= StateLimit.valueBytes else {
          throw ScriptFailure(
            .invalid, "state.set: the value of \(key) has \(size) bytes as JSON, more than \(StateLimit.valueBytes)",
            hint: "keep what is needed the next time, or spread it over several keys")
        }
        return .store(.set(key, value))
      }
    }
    define("state_delete", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        .store(.delete(try Self.key(arguments[0], "state.delete")))
      }
    }
    define("state_claim", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        let what = "state.claim"
        let namespace = try Self.name(arguments[0], "\(what): the namespace", most: StateLimit.namespaceBytes)
        let key = try Self.key(arguments[1], what)
        let owner = try Self.name(arguments[2], "\(what): the owner", most: StateLimit.ownerBytes)
        return .store(.claim(key, in: namespace, owner: owner))
      }
    }
    define("state_keys", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        guard let prefix = arguments[0] else { return .store(.keys(prefix: "")) }
        guard prefix.string != "" else { return .store(.keys(prefix: "")) }
        return .store(.keys(prefix: try Self.key(prefix, "state.keys")))
      }
    }
  }

  private static func key(_ value: JSON?, _ call: String) throws(ScriptFailure) -> String {
    try name(value, "\(call): the key", most: StateLimit.keyBytes)
  }

  /// A name as a script gives it: text without control characters, or an id that is an integer.
  static func name(_ value: JSON?, _ what: String, most: Int) throws(ScriptFailure) -> String {
    let text: String? =
      switch value {
      case .string(let text)?: text
      case .integer?, .bigInteger?: value?.scalarText
      default: nil
      }
    guard let text else {
      throw ScriptFailure(.invalid, "\(what) must be a text or an id, not \(value.map(\.kind) ?? "nil")")
    }
    guard (1...most).contains(text.utf8.count) else {
      throw ScriptFailure(.invalid, "\(what) must have 1 to \(most) bytes, not \(text.utf8.count)")
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw ScriptFailure(.invalid, "\(what) must not hold control characters")
    }
    return text
  }
}
