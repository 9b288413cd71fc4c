import Crypto
public import JSON
public import Journal

/// A plan as a file and as the store keeps it: one document, bound by the digest of its canonical form (docs/plans.md).
public struct PlanDocument: Hashable, Sendable {
  /// The shop that a plan is for, as its profile was configured.
  public struct Shop: Hashable, Sendable {
    public let name: String
    public let baseURL: String
    public let userID: String?

    /// A shop of that name and address.
    public init(name: String, baseURL: String, userID: String?) {
      (self.name, self.baseURL, self.userID) = (name, baseURL, userID)
    }
  }

  /// The form of the document that this Ebb writes, and the newest that it reads.
  public static let format: Int64 = 1
  /// How long a plan may be applied, in milliseconds: 24 hours.
  public static let validity: Milliseconds = 24 * 60 * 60 * 1000

  /// The playbook's name.
  public let playbook: String
  public let title: String?
  /// The script's file, as it was given.
  public let file: String
  /// The version that was planned: SHA-256 over the playbook and all it requires.
  public let version: String
  public let shop: Shop
  /// As the script saw them.
  public let parameters: JSON
  /// The guards that held, in the form of a header.
  public let guards: JSON
  public let created: Milliseconds
  public let expires: Milliseconds
  /// Who made it.
  public let by: String
  /// In the order in which the script came to them.
  public let effects: [PlannedEffect]
  public let approvals: [PlannedApproval]
  /// The messages that the script would send, as ``NoticeRecord/json`` has them; applying the plan sends none.
  public let notices: [JSON]
  /// The decisions counted, as a run's report has them.
  public let tally: JSON

  /// A plan of those parts, good for ``validity``.
  public init(
    playbook: String, title: String?, file: String, version: String, shop: Shop, parameters: JSON, guards: JSON,
    created: Milliseconds, by: String, effects: [PlannedEffect], approvals: [PlannedApproval],
    notices: [JSON] = [], tally: JSON
  ) {
    self.playbook = playbook
    self.title = title
    self.file = file
    self.version = version
    self.shop = shop
    self.parameters = parameters
    self.guards = guards
    self.created = created
    expires = created + Self.validity
    self.by = by
    self.effects = effects
    self.approvals = approvals
    self.notices = notices
    self.tally = tally
  }

  /// What the effects move, in sum.
  public var totals: [PlanTotal] { PlanTotal.sums(of: effects) }

  /// SHA-256 of the document in canonical form without its digest, as lower-case hex.
  public var digest: String { Self.digest(of: body) }

  /// The run that applies it; one plan, one run.
  public var run: RunID { RunID("apply-\(digest.prefix(16))") }

  /// What the store keeps of it.
  public var record: PlanRecord {
    PlanRecord(digest: digest, document: json, created: created, expires: expires)
  }

  /// The document with its digest.
  public var json: JSON {
    var members = body
    members["digest"] = .string(Self.digest(of: body))
    return .object(members)
  }

  private var body: JSONObject {
    var shop: JSONObject = ["name": .string(self.shop.name), "base_url": .string(self.shop.baseURL)]
    shop["user_id"] = self.shop.userID.map(JSON.string)
    var members: JSONObject = ["ebb_plan": .integer(Self.format), "playbook": .string(playbook)]
    members["title"] = title.map(JSON.string)
    members["file"] = .string(file)
    members["version"] = .string(version)
    members["profile"] = .object(shop)
    members["parameters"] = parameters
    members["guards"] = guards
    members["created"] = .string(InstantText.text(created))
    members["expires"] = .string(InstantText.text(expires))
    members["by"] = .string(by)
    members["effects"] = .array(effects.map(\.json))
    members["approvals"] = .array(approvals.map(\.json))
    if !notices.isEmpty { members["notices"] = .array(notices) }
    members["totals"] = .array(totals.map(\.json))
    members["tally"] = tally
    return members
  }

  private static func digest(of body: JSONObject) -> String {
    SHA256.hash(data: JSON.object(body).bytes(.canonical)).hexadecimal
  }

  /// Reads a document, and holds it to its digest.
  ///
  /// - Throws: ``PlanProblem`` where it is none, of a newer form, or not as it was written.
  public init(parsing json: JSON) throws(PlanProblem) {
    guard var members = json.object, let form = members["ebb_plan"]?.integer else { throw .noPlan }
    guard form == Self.format else { throw .unknownForm(form) }
    let digest = members.removeValue(forKey: "digest")
    guard digest?.string == Self.digest(of: members) else { throw .edited }
    let effects = members["effects"]?.array ?? []
    let approvals = members["approvals"]?.array ?? []
    guard let playbook = members["playbook"]?.string, let file = members["file"]?.string,
      let version = members["version"]?.string, let shop = members["profile"]?["name"]?.string,
      let address = members["profile"]?["base_url"]?.string,
      let created = members["created"]?.string.flatMap(InstantText.milliseconds),
      let expires = members["expires"]?.string.flatMap(InstantText.milliseconds)
    else { throw .noPlan }
    self.playbook = playbook
    title = members["title"]?.string
    self.file = file
    self.version = version
    self.shop = Shop(name: shop, baseURL: address, userID: members["profile"]?["user_id"]?.string)
    parameters = members["parameters"] ?? [:]
    guards = members["guards"] ?? [:]
    self.created = created
    self.expires = expires
    by = members["by"]?.string ?? ""
    self.effects = effects.compactMap(PlannedEffect.init)
    self.approvals = approvals.compactMap(PlannedApproval.init)
    notices = members["notices"]?.array ?? []
    tally = members["tally"] ?? [:]
    guard self.effects.count == effects.count, self.approvals.count == approvals.count, self.digest == digest?.string
    else { throw .noPlan }
  }
}

/// Why a document cannot be applied as a plan.
public struct PlanProblem: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable { case noPlan, unknownForm, edited }
  private let code: Code
  /// What is wrong, in a sentence without its subject.
  public let description: String
  /// A word from a fixed set: `no_plan`, `plan_format`, `plan_edited`.
  public let label: String

  /// It is no plan at all.
  static let noPlan = PlanProblem(code: .noPlan, description: "is no plan", label: "no_plan")
  /// Its digest is not that of its contents.
  static let edited = PlanProblem(
    code: .edited, description: "was changed since it was made: its digest is another", label: "plan_edited")
  /// Another Ebb wrote it.
  static func unknownForm(_ form: Int64) -> PlanProblem {
    PlanProblem(
      code: .unknownForm, description: "has the form \(form), and this Ebb reads \(PlanDocument.format)",
      label: "plan_format")
  }
}
