public import JSON

/// Where an event's body says what it is about: read from `x-ebb-about`, `{id: [pointer, …], says: pointer}`.
public struct EventAbout: Hashable, Sendable {
  /// Where the id of the order or refund stands: the first place that holds one counts.
  public let id: [JSONPointer]
  /// Where the state stands that the event says the subject is in; nil where it says none.
  public let says: JSONPointer?

  /// The id of the order or refund that a body is about, as text; nil where it holds none.
  public func subject(of body: JSON) -> String? {
    id.lazy.compactMap { body[pointer: $0]?.scalarText }.first { !$0.isEmpty }
  }

  /// The state that a body says, as text; nil where it says none.
  public func state(in body: JSON) -> String? {
    says.flatMap { body[pointer: $0]?.scalarText }
  }
}

extension Operation {
  /// Where an event says what it is about; nil for reads and writes, and for an event whose body is not known.
  ///
  /// - Throws: `CatalogueError` where `x-ebb-about` holds no pointers.
  public func about() throws(CatalogueError) -> EventAbout? {
    guard let rule = definition["x-ebb-about"] else { return nil }
    let places = (rule["id"]?.array ?? []).map { $0.string.flatMap { JSONPointer($0) } }
    let says = rule["says"].map { $0.string.flatMap { JSONPointer($0) } }
    guard !places.isEmpty, !places.contains(nil), says != .some(nil) else {
      throw CatalogueError("x-ebb-about is {id: [pointer, …], says: pointer}", at: id)
    }
    return EventAbout(id: places.compactMap(\.self), says: says ?? nil)
  }
}
