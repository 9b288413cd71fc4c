import Crypto
import JSON

/// One line of a trail as it is read back.
public struct AuditLine: Hashable, Sendable {
  /// Its number; nil for one that was written without a key.
  public let sequence: UInt64?
  /// When, in milliseconds since 1970 UTC.
  public let at: Int64
  /// Who.
  public let who: String
  /// What, by the words of ``AuditEntry/Action``.
  public let action: String
  public let profile: String?
  public let field: String?
  public let outcome: String

  /// Which of the vault's audit keys it is chained by.
  let generation: Int
  /// Its code.
  let code: [UInt8]
  /// What the code is over, after the code of the line before.
  let body: [UInt8]
  /// For `absorb`: how many lines, and SHA-256 of them; for `continue`: the code of the line before.
  let members: JSONObject

  /// Between what the code is over and the code.
  static let separator = Array(#","mac":""#.utf8)
  private static let end = Array(#""}"#.utf8)

  /// Reads a line with a code, without its line feed; nil for anything else.
  init?(_ bytes: [UInt8]) {
    let tail = Self.separator.count + 64 + Self.end.count
    guard bytes.count > tail, bytes.suffix(Self.end.count).elementsEqual(Self.end),
      bytes.suffix(tail).starts(with: Self.separator),
      let code = unhex(String(decoding: bytes.suffix(64 + Self.end.count).prefix(64), as: UTF8.self)),
      let members = (try? JSON(parsing: bytes))?.object, let sequence = members["seq"]?.integer, sequence > 0,
      let generation = members["key"]?.integer, 1...1_000_000 ~= generation
    else { return nil }
    self.init(
      members, sequence: UInt64(sequence), generation: Int(generation), code: code, body: Array(bytes.dropLast(tail)))
  }

  /// Reads a line that was written without a key; nil for anything else.
  init?(unkeyed bytes: [UInt8]) {
    guard let members = (try? JSON(parsing: bytes))?.object, members["seq"] == nil else { return nil }
    self.init(members, sequence: nil, generation: 0, code: [], body: bytes)
  }

  private init?(_ members: JSONObject, sequence: UInt64?, generation: Int, code: [UInt8], body: [UInt8]) {
    guard let at = members["at"]?.integer, let who = members["who"]?.string, let action = members["action"]?.string,
      let outcome = members["outcome"]?.string
    else { return nil }
    (self.sequence, self.generation, self.code, self.body) = (sequence, generation, code, body)
    (self.at, self.who, self.action, self.outcome) = (at, who, action, outcome)
    (profile, field) = (members["profile"]?.string, members["field"]?.string)
    self.members = members
  }

  /// The code of a line's body after the line before.
  static func code(_ body: [UInt8], after previous: [UInt8], _ key: SymmetricKey) -> [UInt8] {
    var code = HMAC<SHA256>(key: key)
    code.update(data: previous)
    code.update(data: body)
    return Array(code.finalize())
  }

  /// A line as it is written, without its line feed.
  static func text(
    _ entry: AuditEntry, sequence: UInt64?, generation: Int, at: Int64, who: String, more: JSONObject = JSONObject()
  ) -> [UInt8] {
    var members = JSONObject()
    if let sequence { members["seq"] = .integer(Int64(clamping: sequence)) }
    members["at"] = .integer(at)
    members["who"] = .string(who)
    members["action"] = .string(entry.action.rawValue)
    if let profile = entry.profile { members["profile"] = .string(profile) }
    if let field = entry.field { members["field"] = .string(field) }
    members["outcome"] = .string(entry.outcome)
    for (name, value) in more { members[name] = value }
    if sequence != nil { members["key"] = .integer(Int64(generation)) }
    return JSON.object(members).bytes()
  }
}
