import JSON
import Journal

extension EffectRecord {
  /// The most ids that are kept of one effect.
  private static let mostSubjects = 256

  /// Adds all ids by which people may hold what the write touches: those of its claims, and those that stand in its
  /// arguments and in what was read before it.
  mutating func addSubjects(from documents: [JSON]) {
    var known = Set(subjects)
    func add(_ id: String?) {
      guard let id, !id.isEmpty, subjects.count < Self.mostSubjects, known.insert(id).inserted else { return }
      subjects.append(id)
    }
    for claim in claims { add(claim.id) }
    for document in documents { Self.ids(in: document, under: "", add) }
  }

  private static func ids(in value: JSON, under key: String, _ found: (String?) -> Void) {
    switch value {
    case .array(let elements): for element in elements { ids(in: element, under: key, found) }
    case .object(let members): for (name, member) in members { ids(in: member, under: name, found) }
    default: if namesAnID(key) { found(value.scalarText) }
    }
  }

  /// Whether a field of that name holds an id of something that people hold: `refundId`, `orderIds`, `subItemID`,
  /// `idOfStr`, and the merchant's own numbers of orders; not the id of a reason, a shop or a buyer.
  private static func namesAnID(_ name: String) -> Bool {
    let lower = name.lowercased()
    if ["reasonid", "sellerid", "buyerid", "userid", "distributorid", "memberid"].contains(where: lower.hasSuffix) {
      return false
    }
    return lower.hasSuffix("id") || lower.hasSuffix("ids") || lower.hasSuffix("idofstr")
      || lower.hasSuffix("ordernumber")
  }
}
