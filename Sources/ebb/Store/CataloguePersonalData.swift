import Catalogue
import JSON
import Journal
import Playbooks

/// What the catalogue marks as personal, and in what playbooks make of it the members of these names.
struct CataloguePersonalData: PersonalData {
  let catalogue: Catalogue

  func personal(inArguments arguments: JSON, of operation: String) -> [JSONPointer] {
    guard let operation = catalogue[operation] else { return personal(inWork: arguments) }
    return operation.personal(inArguments: arguments) + personal(inWork: arguments)
  }

  func personal(inAnswer answer: JSON, of operation: String) -> [JSONPointer] {
    guard let operation = catalogue[operation] else { return personal(inWork: answer) }
    return operation.personal(in: answer) + personal(inWork: answer)
  }

  func personal(inWork value: JSON) -> [JSONPointer] {
    Self.members(of: value, at: JSONPointer())
  }

  /// Beside those of the catalogue, whose `name` and `city` may mean other things elsewhere: a playbook's own words, and
  /// fields that the vendor sends without documenting them. In lower case.
  private static let names: Set<String> = [
    "address", "fulladdress", "addressdetail", "detailaddress", "phone", "mobile", "mobilephone", "tel", "telephone",
    "buyerphone", "buyername", "receiver", "receivername", "receiverphone", "receivermobile", "receiveraddress",
    "contact", "contactname", "contactphone", "fullname", "idcard", "email",
  ]

  private static func members(of value: JSON, at pointer: JSONPointer) -> [JSONPointer] {
    switch value {
    case .array(let elements):
      return elements.enumerated().flatMap { members(of: $0.element, at: pointer.appending($0.offset)) }
    case .object(let object):
      // Of a sheet the digest goes with what was in it: a phone number could be found by trying them all.
      var found = Sheet.personal(in: value).map { JSONPointer(tokens: pointer.tokens + $0.tokens) }
      if !found.isEmpty { found.append(pointer.appending("sheet").appending("sha256")) }
      return found
        + object.flatMap { name, member -> [JSONPointer] in
          let place = pointer.appending(name)
          return names.contains(name.lowercased()) ? [place] : members(of: member, at: place)
        }
    case .null, .bool, .integer, .bigInteger, .number, .string:
      return []
    }
  }
}
