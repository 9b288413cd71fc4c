public import JSON

/// Says where values about people stand: names, addresses, phones. The store knows no catalogue.
public protocol PersonalData: Sendable {
  /// In the arguments of a call.
  func personal(inArguments arguments: JSON, of operation: String) -> [JSONPointer]
  /// In the value that a call returned.
  func personal(inAnswer answer: JSON, of operation: String) -> [JSONPointer]
  /// In what a playbook made of answers: parameters, reports, what is shown to a person.
  func personal(inWork value: JSON) -> [JSONPointer]
}

/// What was forgotten about one order, or why nothing was.
public enum ForgetOutcome: Hashable, Sendable {
  /// So many records had something erased.
  case forgotten(records: Int)
  /// Runs that touch it are not over, or have effects that are not settled: they still need what would be erased.
  case isUnfinished([RunID])
}

/// Erases what a value says about people where it speaks of one subject.
struct Eraser {
  /// The id as people know it.
  let subject: String
  /// What stands in the place of what was erased.
  static let mark = "forgotten"

  /// The value without what is personal about the subject; nil where there is nothing of it.
  ///
  /// Of a list only the elements that speak of the subject are changed: a page of orders holds those of others, too.
  func erased(_ value: JSON, personal pointers: [JSONPointer]) -> JSON? {
    guard speaks(value) else { return nil }
    let others = elementsOfOthers(in: value)
    var erased = value
    for pointer in pointers {
      let isOthers = others.contains { pointer.tokens.starts(with: $0) }
      guard !isOthers, let old = value[pointer: pointer], !old.isNull else { continue }
      erased.set(old.string == nil ? .null : .string(Self.mark), at: pointer)
    }
    // A bare nil would be the value null here.
    return erased == value ? Optional.none : erased
  }

  /// Whether the id stands anywhere in the value.
  func speaks(_ value: JSON) -> Bool {
    switch value {
    case .array(let elements): elements.contains(where: speaks)
    case .object(let members): members.contains { speaks($0.value) }
    case .null: false
    case .bool, .integer, .bigInteger, .number, .string: value.scalarText == subject
    }
  }

  /// Where elements stand that do not speak of the subject, beside others that do.
  private func elementsOfOthers(in value: JSON, at tokens: [String] = []) -> [[String]] {
    switch value {
    case .array(let elements):
      let isList = elements.contains(where: speaks)
      return elements.enumerated().flatMap { index, element in
        let place = tokens + [String(index)]
        return isList && !speaks(element) ? [place] : elementsOfOthers(in: element, at: place)
      }
    case .object(let members):
      return members.flatMap { elementsOfOthers(in: $0.value, at: tokens + [$0.key]) }
    case .null, .bool, .integer, .bigInteger, .number, .string:
      return []
    }
  }
}
