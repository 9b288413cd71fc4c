import JSON

/// One message type by which an event may announce itself, and how that is known.
public struct MessageType: Hashable, Sendable {
  /// The envelope's `messageType`; a number as its digits.
  public let name: String
  /// How it is known that PandaPon sends it for this event.
  public let evidence: Evidence
}

extension Operation {
  /// The message types of an event, surest first; empty for reads and writes.
  ///
  /// Read from `x-ebb-messages`, an object of a list for each grade.
  ///
  /// - Throws: `CatalogueError` where a grade is unknown or a type is no text.
  func messageTypes() throws(CatalogueError) -> [MessageType] {
    let lists = definition["x-ebb-messages"]?.object ?? [:]
    for grade in lists.keys where Evidence(rawValue: grade) == nil {
      throw CatalogueError("x-ebb-messages knows no grade \(grade)", at: id)
    }
    var found: [MessageType] = []
    for grade in Evidence.allCases {
      for value in lists[grade.rawValue]?.array ?? [] {
        guard let name = value.string, !name.isEmpty else {
          throw CatalogueError("x-ebb-messages lists texts, numbers in quotes", at: id)
        }
        found.append(MessageType(name: name, evidence: grade))
      }
    }
    return found
  }
}
