public import JSON

/// A field of a resource as it is, and as a captured write would leave it.
public struct PlannedChange: Hashable, Sendable {
  /// Where in the read's `data` it stands.
  public let field: JSONPointer
  /// Its value; null where it is absent.
  public let before: JSON
  /// What the write would make of it.
  public let after: JSON

  /// A change of that field.
  public init(field: JSONPointer, before: JSON, after: JSON) {
    self.field = field
    self.before = before
    self.after = after
  }
}

extension Operation {
  /// The fields of a read that a captured write would change: those whose change counts as drift, and those that the
  /// catalogue says it sets. Each once, in the catalogue's order; none where it says nothing of that read.
  ///
  /// - Parameters:
  ///   - before: the read's `data`, with the writes captured earlier laid over.
  ///   - read: the read that was made.
  ///   - answer: what the captured write answers.
  public func plannedChanges(
    in before: JSON, of read: ReadRequest, arguments: Arguments, answer: JSON?
  ) -> [PlannedChange] {
    let after = overlay(on: before, of: read, arguments: arguments, answer: answer, before: before)
    var seen: Set<JSONPointer> = []
    var changes: [PlannedChange] = []
    for pattern in (self.before?.fields ?? []) + (plan?.set.map(\.pointer) ?? []) {
      for place in after.all(at: pattern) where seen.insert(place.pointer).inserted {
        let was = before[pointer: place.pointer] ?? .null
        if was != place.value { changes.append(PlannedChange(field: place.pointer, before: was, after: place.value)) }
      }
    }
    return changes
  }

  /// The reads whose answers a captured write may change, by id.
  public var shownBy: Set<String> {
    guard let plan else { return [] }
    return Set(
      [outcome?.read?.operation, outcome?.fallbackRead?.operation].compactMap(\.self) + plan.rows.map(\.operation))
  }
}
