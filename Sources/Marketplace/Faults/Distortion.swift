import JSON

/// Changes the types of scalars in an answer, as upstreams are known to (upstream.md 1.3).
enum Distortion {
  /// Flips about every third scalar, by seed and place.
  static func flip(_ value: JSON, _ draws: inout SeededGenerator) -> JSON {
    switch value {
    case .array(let elements): return .array(elements.map { flip($0, &draws) })
    case .object(let members): return .object(members.mapValues { flip($0, &draws) })
    default: break
    }
    guard draws.draw(0...2) == 0 else { return value }
    switch value {
    case .integer(let number): return .string(String(number))
    case .bool(let flag): return .string(flag ? "true" : "false")
    case .string(let text): return Int64(text).flatMap { String($0) == text ? .integer($0) : nil } ?? value
    default: return value
    }
  }

  /// Turns every id that consists of digits into an integer.
  static func integerIDs(_ value: JSON, key: String = "") -> JSON {
    switch value {
    case .array(let elements): return .array(elements.map { integerIDs($0, key: key) })
    case .object(let members):
      return .object(JSONObject(members.map { (key: $0.key, value: integerIDs($0.value, key: $0.key)) }))
    case .string(let text):
      guard key.hasSuffix("Id") || key.hasSuffix("Ids") || key == "id" || key.hasSuffix("ID"), !text.isEmpty,
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0")
      else { return value }
      return Int64(text).map(JSON.integer) ?? .bigInteger(text)
    default: return value
    }
  }
}
