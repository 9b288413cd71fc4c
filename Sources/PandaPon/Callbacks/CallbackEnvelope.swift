public import JSON

/// What a callback carries, read tolerantly: `{messageType, messagePlatform, timestamp, messageBody}` (pandapon.md 3).
///
/// Nothing is dropped: members that are not known stay in `content`, a member of an unexpected type is nil here and
/// stays there too. The upstream push `{msgId, type, gmtBorn, data}` (upstream.md 9.2) is read as well, where the names
/// of the vendor's manual are missing.
public struct CallbackEnvelope: Hashable, Sendable {
  /// The whole envelope, exact; a `messageBody` that came as JSON text is the object it stands for.
  public let content: JSON
  /// The message type; a number as its digits; nil where it is missing, empty or no scalar.
  public let messageType: String?
  /// 0 for Taobao, 1 for 1688; nil where it is missing or no integer.
  public let platform: Int64?
  /// When it was sent, in ms since 1970 UTC; a value of up to ten digits is taken as seconds; nil where it is no integer.
  public let timestamp: Int64?
  /// The `messageBody`; null where there is none.
  public let body: JSON
  /// The upstream's own id of the message; nil where it gives none.
  public let messageID: String?

  /// Reads a callback's body.
  ///
  /// - Throws: `CallbackEnvelopeError` where the bytes are no JSON object, nest deeper than `JSON.maximumDepth`, or are
  ///   more than `maximumSize`.
  public init(
    parsing bytes: [UInt8], maximumSize: Int = CallbackEnvelope.maximumSize
  ) throws(CallbackEnvelopeError) {
    guard bytes.count <= maximumSize else { throw .tooLarge(bytes.count, limit: maximumSize) }
    let value: JSON
    do {
      value = try JSON(parsing: bytes)
    } catch {
      throw .notJSON(error)
    }
    guard case .object(var members) = value else { throw .notObject(value.kind) }
    for name in Self.bodyNames {
      if let text = members[name]?.string, let decoded = Self.decoded(text) { members[name] = decoded }
    }
    let body = Self.first(of: Self.bodyNames, in: members) ?? .null
    content = .object(members)
    self.body = body
    messageType = Self.first(of: ["messageType", "type"], in: members)?.identifier
    platform = members["messagePlatform"]?.wholeNumber
    timestamp = Self.first(of: ["timestamp", "gmtBorn"], in: members)?.wholeNumber.flatMap(Self.milliseconds)
    messageID =
      Self.first(of: ["msgId", "msg_id", "messageId", "message_id"], in: members)?.identifier
      ?? body.object.flatMap { Self.first(of: ["msgId", "msg_id"], in: $0) }?.identifier
  }

  /// How many bytes a callback may have: 1 MB.
  public static let maximumSize = 1 << 20

  private static let bodyNames = ["messageBody", "data"]

  /// The first of those members that is there and not null.
  private static func first(of names: [String], in members: JSONObject) -> JSON? {
    names.lazy.compactMap { members[$0] }.first { !$0.isNull }
  }

  /// The object or array that a text stands for; nil for any other text. It may nest one level less than a document, so
  /// that the envelope around it can be read again.
  private static func decoded(_ text: String) -> JSON? {
    guard let first = text.utf8.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return nil }
    return try? JSON(parsing: text.utf8, maximumDepth: JSON.maximumDepth - 1)
  }

  private static func milliseconds(_ value: Int64) -> Int64? {
    guard value >= 0 else { return nil }
    return value < 10_000_000_000 ? value * 1000 : value
  }
}

extension JSON {
  /// A text or an integer as a text that is not empty; nil for any other value.
  fileprivate var identifier: String? {
    switch self {
    case .string(let text): text.isEmpty ? nil : text
    case .integer, .bigInteger: scalarText
    default: nil
    }
  }

  /// An integer, also one that is written as text.
  fileprivate var wholeNumber: Int64? {
    integer ?? string.flatMap { Int64($0) }
  }
}
