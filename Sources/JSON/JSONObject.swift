/// The members of a JSON object, in the order they were written; of equal keys the last value holds.
///
/// Two objects are equal when their members are, whatever their order.
public struct JSONObject: Sendable {
  /// Up to how many members a name is looked for one by one, which is faster than hashing it.
  private static let indexedFrom = 17

  /// The members, in order.
  private(set) var members: [(key: String, value: JSON)]
  /// Where each name stands, where there are many.
  private var index: [MemberName: Int]?

  /// An object without members.
  public init() {
    members = []
  }

  /// An object of those members.
  public init(_ members: some Sequence<(key: String, value: JSON)>) {
    self.init()
    self.members.reserveCapacity(members.underestimatedCount)
    for (key, value) in members { self[key] = value }
  }

  /// The value of a member, or nil where there is none; assigning nil removes it.
  public subscript(key: String) -> JSON? {
    get { position(of: key).map { members[$0].value } }
    set {
      guard let newValue else {
        removeValue(forKey: key)
        return
      }
      if let position = position(of: key) {
        members[position].value = newValue
      } else {
        append(key, newValue)
      }
    }
  }

  /// The names of the members, in order.
  public var keys: [String] { members.map(\.key) }

  /// The values of the members, in the order of their names.
  public var values: [JSON] { members.map(\.value) }

  /// Takes a member out and returns its value.
  @discardableResult
  public mutating func removeValue(forKey key: String) -> JSON? {
    guard let position = position(of: key) else { return nil }
    let value = members.remove(at: position).value
    if index != nil { makeIndex() }
    return value
  }

  /// The object with every value replaced.
  public func mapValues<Failure: Error>(_ transform: (JSON) throws(Failure) -> JSON) throws(Failure) -> JSONObject {
    var copy = self
    for position in members.indices { copy.members[position].value = try transform(members[position].value) }
    return copy
  }

  private func position(of key: String) -> Int? {
    if let index { return index[MemberName(key)] }
    let name = MemberName(key)
    return members.firstIndex { name == MemberName($0.key) }
  }

  private mutating func append(_ key: String, _ value: JSON) {
    members.append((key, value))
    if index != nil {
      index?[MemberName(key)] = members.count - 1
    } else if members.count == Self.indexedFrom {
      makeIndex()
    }
  }

  private mutating func makeIndex() {
    index = nil
    guard members.count >= Self.indexedFrom else { return }
    index = Dictionary(uniqueKeysWithValues: members.indices.map { (MemberName(members[$0].key), $0) })
  }
}

/// A member's name, told apart by its bytes: to `String` the two spellings of `é` are one, on the wire they are not.
private struct MemberName: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: MemberName, right: MemberName) -> Bool {
    left.text.utf8.count == right.text.utf8.count && left.text == right.text
      && left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension JSONObject: RandomAccessCollection {
  public func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> { members.makeIterator() }
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> (key: String, value: JSON) { members[position] }
}

extension JSONObject: Hashable {
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    for member in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
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
