import JSON
import Marketplace

extension TestShop.Effect {
  /// `{operation, arguments}`
  var json: JSON { ["operation": .string(operation), "arguments": arguments] }

  /// The same with the time, and with the order or refund it is about as that was before and after.
  var history: JSON {
    var row: JSON = ["operation": .string(operation), "arguments": arguments, "at": .integer(instant)]
    guard let worlds else { return row }
    if let subject = SubjectSight.subject(of: arguments, in: worlds.before) {
      row["before"] = SubjectSight.of(subject, in: worlds.before)
      row["after"] = SubjectSight.of(subject, in: worlds.after)
    }
    return row
  }
}

extension JSON {
  /// The same with every number under a name of an id as text: 1688 takes them as numbers.
  func withTextIDs(under key: String = "") -> JSON {
    switch self {
    case .object(let members):
      .object(JSONObject(members.map { (key: $0.key, value: $0.value.withTextIDs(under: $0.key)) }))
    case .array(let elements): .array(elements.map { $0.withTextIDs(under: key) })
    case .integer, .bigInteger: Self.isID(key) ? scalarText.map(JSON.string) ?? self : self
    default: self
    }
  }

  private static func isID(_ key: String) -> Bool {
    ["Id", "ID", "Ids", "IdList", "IdSet"].contains { key.hasSuffix($0) } && key != "reasonId" && key != "applyReasonId"
  }
}
