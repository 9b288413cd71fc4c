import Crypto
import JSON

extension CallbackEnvelope {
  /// What makes the event the same as one received before (decisions.md, "Events"): SHA-256, as 64 lower-case hex
  /// digits, of profile and upstream id; of profile and the canonical envelope where there is no such id.
  ///
  /// The order of members, white space and the spelling of `messageBody` (object or text) make no difference; another
  /// timestamp does.
  public func key(for profile: String) -> String {
    let parts: JSON = messageID.map { [.string(profile), "id", .string($0)] } ?? [.string(profile), content]
    return Self.digest(of: parts)
  }

  /// What makes the event a repetition of one with another timestamp: SHA-256, as 64 lower-case hex digits, of profile,
  /// type, platform and body.
  public func bodyDigest(for profile: String) -> String {
    let type = messageType.map(JSON.string) ?? .null
    return Self.digest(of: [.string(profile), type, platform.map(JSON.integer) ?? .null, body])
  }

  private static func digest(of value: JSON) -> String {
    hexText(SHA256.hash(data: value.bytes(.canonical)), digits: "0123456789abcdef")
  }
}
