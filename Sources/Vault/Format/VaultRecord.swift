/// One sealed value of a vault. What it is stands beside it in the clear, and is bound to it.
struct VaultRecord: Hashable, Sendable {
  /// Where a value belongs; it opens there and nowhere else.
  let place: Place
  /// Nonce, ciphertext and tag.
  let sealed: [UInt8]

  struct Place: Hashable, Sendable {
    /// The profile; empty for what is the vault's own, `channel:NAME` for a channel.
    var profile: String
    /// What of it, e.g. `access_secret`.
    var field: String
    /// Counts the values that the field had, from 1.
    var version: UInt32
    var stage: SecretStage
    var kind: Kind

    /// `shop1/access_secret PENDING`, for people.
    var text: String {
      let owner = profile.isEmpty ? "" : profile + "/"
      return owner + field + (stage == .current ? "" : " " + stage.name)
    }
  }

  /// What the bytes are.
  enum Kind: UInt8, Hashable, Sendable {
    /// A secret, as it was given.
    case secret = 1
    /// Settings, as JSON.
    case settings = 2
    /// A key of 32 bytes.
    case key = 3
  }

  /// How much a vault takes: a file that says more is no vault of ours.
  static let mostRecords = 100_000
  static let mostBytes = 1 << 20

  /// What a record's value is sealed together with.
  static func associatedData(_ place: Place, in vault: VaultID) -> [UInt8] {
    var bytes = Array("ebb vault record".utf8)
    bytes += vault.bytes
    bytes.append(contentsOf: place.bytes)
    return bytes
  }
}

/// Where in its life a secret is: the vendor's old one stops at once when it is reset.
public enum SecretStage: UInt8, Hashable, Sendable, CaseIterable {
  /// Given, and not yet known to be accepted.
  case pending = 1
  /// In use.
  case current = 2
  /// Replaced: callbacks in flight may still be signed with it.
  case previous = 3

  /// `PENDING`, `CURRENT`, `PREVIOUS`.
  public var name: String {
    switch self {
    case .pending: "PENDING"
    case .current: "CURRENT"
    case .previous: "PREVIOUS"
    }
  }
}

extension VaultRecord.Place {
  /// As it stands in the file.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(text: profile)
    bytes.append(text: field)
    bytes.append(integer: version)
    bytes.append(stage.rawValue)
    bytes.append(kind.rawValue)
    return bytes
  }

  init?(_ reader: inout ByteReader) {
    guard let profile = reader.text(), let field = reader.text(), let version = reader.integer(UInt32.self),
      let stage = reader.integer(UInt8.self).flatMap(SecretStage.init(rawValue:)),
      let kind = reader.integer(UInt8.self).flatMap(VaultRecord.Kind.init(rawValue:))
    else { return nil }
    self.init(profile: profile, field: field, version: version, stage: stage, kind: kind)
  }
}

extension VaultRecord {
  var bytes: [UInt8] {
    var bytes = place.bytes
    bytes.append(integer: UInt32(clamping: sealed.count))
    return bytes + sealed
  }

  init?(_ reader: inout ByteReader) {
    guard let place = Place(&reader), let count = reader.integer(UInt32.self), count <= Self.mostBytes,
      let sealed = reader.bytes(Int(count))
    else { return nil }
    self.init(place: place, sealed: sealed)
  }
}
