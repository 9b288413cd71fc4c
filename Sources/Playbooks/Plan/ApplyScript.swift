import JSON
import Journal

/// The playbook that carries a plan out: a header with the plan's name and guards, and one call of the standard library.
///
/// It is the version of the run that applies the plan, so that the run is journaled, resumed and replayed like any other.
/// The plan itself is what the run is started with, in the place of an event.
enum ApplyScript {
  /// The path that errors name.
  static let path = "stdlib/ebb/apply.lua"

  /// The script's text.
  static func text(for plan: PlanDocument) -> String {
    var header: JSONObject = ["ebb": 1, "name": .string(plan.playbook)]
    header["title"] = plan.title.map(JSON.string)
    if plan.guards != [:] { header["guards"] = plan.guards }
    return """
      -- Carries out the plan \(plan.digest).
      playbook \(JSON.object(header).luaLiteral)
      return require "ebb.apply" ()

      """
  }
}

extension JSON {
  /// The value as Lua writes it; null is nil.
  var luaLiteral: String {
    switch self {
    case .null: "nil"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): value == .min ? "math.mininteger" : String(value)
    case .bigInteger(let digits): Self.quoted(digits)
    case .number(let value): value.isFinite ? String(describing: value) : "nil"
    case .string(let text): Self.quoted(text)
    case .array(let elements): "{ " + elements.map(\.luaLiteral).joined(separator: ", ") + " }"
    case .object(let members):
      "{ " + members.map { "[\(Self.quoted($0.key))] = \($0.value.luaLiteral)" }.joined(separator: ", ") + " }"
    }
  }

  /// Text in quotes; every byte that is not a plain character as its decimal code.
  private static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x20...0x7E, 0x80...: bytes.append(byte)
      default: bytes += Array("\\\(String(repeating: "0", count: byte < 10 ? 2 : byte < 100 ? 1 : 0))\(byte)".utf8)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}
