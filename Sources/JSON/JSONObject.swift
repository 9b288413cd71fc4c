import OrderedCollections

/// The members of a JSON object, in the order they were written; of equal keys the last value holds.
///
/// Two objects are equal when their members are, whatever their order.
public struct JSONObject: Sendable {
  private var members: OrderedDictionary<Name, JSON>

  /// A member's name, told apart by its bytes: to `String` the two spellings of `é` are one, on the wire they are not.
  private struct Name: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Name, right: Name) -> Bool {
      left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
  }

  /// An object without members.
  public init() {
    members = [:]
  }

  /// An object of those members.
  public init(_ members: some Sequence<(key: String, value: JSON)>) {
    self.members = [:]
    for (key, value) in members { self.members[Name(key)] = value }
  }

  /// The value of a member, or nil where there is none; assigning nil removes it.
  public subscript(key: String) -> JSON? {
    get { members[Name(key)] }
    set { members[Name(key)] = newValue }
  }

  /// The names of the members, in order.
  public var keys: [String] { members.keys.map(\.text) }

  /// The values of the members, in the order of their names.
  public var values: [JSON] { Array(members.values) }

  /// Takes a member out and returns its value.
  @discardableResult
  public mutating func removeValue(forKey key: String) -> JSON? {
    members.removeValue(forKey: Name(key))
  }

  /// The object with every value replaced.
  public func mapValues<Failure: Error>(_ transform: (JSON) throws(Failure) -> JSON) throws(Failure) -> JSONObject {
    var copy = self
    for key in members.keys {
      if let value = members[key] { copy.members[key] = try transform(value) }
    }
    return copy
  }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> (key: String, value: JSON) {
    let element = members.elements[position]
    return (element.key.text, element.value)
  }
}

extension JSONObject: Hashable {
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right.members[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    for member in members.elements.sorted(by: {
      $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8)
    }) {
      hasher.combine(member.key)
      hasher.combine(member.value)
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.map { (key: $0.0, value: $0.1) })
  }
}
