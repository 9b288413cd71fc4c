public import JSON

extension ProfileSheet {
  /// The members that a person gives, in the order of a profile's page. The secret is no part of a sheet.
  public static let members = [
    "base_url", "access_key", "user_id", "signing", "callbacks", "allow", "quota", "guards",
  ]
  /// The members of `signing`.
  public static let signingMembers = ["payload", "digest", "encoding", "timestamp"]

  /// As it is sealed, and as `--from-stdin` takes it but for what Ebb found out by itself.
  public var json: JSONObject {
    var object: JSONObject = ["base_url": .string(baseURL), "access_key": .string(accessKey)]
    if let userID { object["user_id"] = .string(userID) }
    if signing != Signing() {
      var parts = JSONObject()
      for (name, value) in zip(
        Self.signingMembers, [signing.payload, signing.digest, signing.encoding, signing.timestamp])
      {
        if let value { parts[name] = .string(value) }
      }
      object["signing"] = .object(parts)
    }
    if !callbacks.isEmpty { object["callbacks"] = .array(callbacks.map(JSON.string)) }
    if !allow.isEmpty { object["allow"] = .array(allow.map(JSON.string)) }
    if let quota { object["quota"] = quota == quota.rounded() ? .integer(Int64(quota)) : .number(quota) }
    if !guards.isEmpty { object["guards"] = .object(guards) }
    if let signingVerified { object["signing_verified"] = .integer(signingVerified) }
    if !proven.isEmpty { object["proven"] = .array(proven.sorted().map(JSON.string)) }
    return object
  }

  /// Reads a sheet.
  ///
  /// - Parameter isOurs: whether Ebb wrote it, so that it may hold what Ebb found out.
  /// - Throws: ``ProfileSheetError`` naming the member that is missing, unknown or of another kind.
  public init(_ object: JSONObject, isOurs: Bool = false) throws(ProfileSheetError) {
    let known = Self.members + (isOurs ? ["signing_verified", "proven"] : [])
    if let stranger = object.keys.first(where: { !known.contains($0) }) {
      throw ProfileSheetError(member: stranger, problem: .unknown(among: Self.members))
    }
    func text(_ name: String) throws(ProfileSheetError) -> String? {
      guard let value = object[name], !value.isNull else { return nil }
      guard let text = value.scalarText, value.bool == nil else {
        throw ProfileSheetError(member: name, problem: .kind("a text"))
      }
      return text
    }
    func texts(_ name: String) throws(ProfileSheetError) -> [String] {
      switch object[name] {
      case nil, .null?: return []
      case .string(let text)?: return [text]
      case .array(let elements)?:
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { fallthrough }
        return texts
      default: throw ProfileSheetError(member: name, problem: .kind("a list of texts"))
      }
    }
    guard let baseURL = try text("base_url") else { throw ProfileSheetError(member: "base_url", problem: .missing) }
    guard let accessKey = try text("access_key") else {
      throw ProfileSheetError(member: "access_key", problem: .missing)
    }
    self.init(baseURL: baseURL, accessKey: accessKey)
    userID = try text("user_id")
    signing = try Signing(object["signing"])
    callbacks = try texts("callbacks")
    allow = try texts("allow")
    if let quota = try text("quota") {
      guard let value = Double(quota), value.isFinite, value > 0, value < 1e9 else {
        throw ProfileSheetError(member: "quota", problem: .kind("a number of requests a second"))
      }
      self.quota = value
    }
    switch object["guards"] {
    case nil, .null?: break
    case .object(let guards)?: self.guards = guards
    default: throw ProfileSheetError(member: "guards", problem: .kind("an object"))
    }
    signingVerified = object["signing_verified"]?.integer
    proven = Set(try texts("proven"))
  }
}

extension ProfileSheet.Signing {
  fileprivate init(_ value: JSON?) throws(ProfileSheetError) {
    self.init()
    guard let value, !value.isNull else { return }
    guard let object = value.object else { throw ProfileSheetError(member: "signing", problem: .kind("an object")) }
    for (name, value) in object {
      guard ProfileSheet.signingMembers.contains(name) else {
        throw ProfileSheetError(member: "signing." + name, problem: .unknown(among: ProfileSheet.signingMembers))
      }
      guard let text = value.string else {
        throw ProfileSheetError(member: "signing." + name, problem: .kind("a text"))
      }
      switch name {
      case "payload": payload = text
      case "digest": digest = text
      case "encoding": encoding = text
      default: timestamp = text
      }
    }
  }
}

/// Why an object is no profile: what a person wrote wrong.
public struct ProfileSheetError: Error, Hashable, Sendable, CustomStringConvertible {
  enum Problem: Hashable, Sendable {
    case missing
    case unknown(among: [String])
    case kind(String)
  }

  /// Which member, e.g. `signing.digest`.
  public let member: String
  let problem: Problem

  /// What is wrong, for a person.
  public var description: String {
    switch problem {
    case .missing: "\(member) is missing"
    case .unknown: "\"\(member)\" is no member of a profile"
    case .kind(let kind): "\(member) is not \(kind)"
    }
  }

  /// The words that are known in the place of an unknown member; empty where that is not the trouble.
  public var known: [String] {
    if case .unknown(let known) = problem { known } else { [] }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch problem {
    case .missing: "profile_member_missing"
    case .unknown: "profile_member_unknown"
    case .kind: "profile_member_kind"
    }
  }
}
