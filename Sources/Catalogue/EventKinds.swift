import JSON

/// The table that tells which event of the catalogue a callback is, by its `messageType` and `messagePlatform`.
///
/// Only one of the types is on a page of the vendor (pandapon.md 9.1); the others are inferred or assumed, each with its
/// grade, so a type may well be in no row. Such a callback has no kind; it is kept and shown all the same.
public struct EventKinds: Sendable {
  /// One row: a message type of one platform.
  public struct Row: Hashable, Sendable {
    /// The event's id, e.g. `taobao.events.refundChanged`.
    public let operation: String
    /// The envelope's `messagePlatform`: 0 is Taobao, 1 is 1688 (pandapon.md 3).
    public let platform: Int64
    /// The message type.
    public let type: MessageType
    /// Where its body says what it is about.
    public let about: EventAbout?
  }

  /// All rows, in the order of the catalogue.
  public let rows: [Row]
  private let index: [String: [Row]]

  /// The table of that catalogue.
  ///
  /// - Throws: `CatalogueError` where an event with message types has no platform, a type stands for two events, or
  ///   `x-ebb-about` cannot be read.
  public init(_ catalogue: Catalogue) throws(CatalogueError) {
    var rows: [Row] = []
    for operation in catalogue.operations where operation.effect == .event {
      let types = try operation.messageTypes()
      let about = try operation.about()
      guard !types.isEmpty else { continue }
      guard let platform = operation.definition["x-ebb-platform"]?.integer else {
        throw CatalogueError("an event with x-ebb-messages needs x-ebb-platform", at: operation.id)
      }
      for type in types {
        if let other = rows.first(where: { $0.platform == platform && $0.type.name == type.name }) {
          throw CatalogueError("message type \(type.name) stands for \(other.operation) as well", at: operation.id)
        }
        rows.append(Row(operation: operation.id, platform: platform, type: type, about: about))
      }
    }
    self.rows = rows
    index = Dictionary(grouping: rows) { $0.type.name }
  }

  /// The row of a callback, or nil where its kind is not known.
  ///
  /// A callback without a platform is known by its type where that belongs to one platform only. A platform that
  /// contradicts the type makes it unknown: a playbook that asks the wrong marketplace is worse than none.
  public func row(messageType: String?, platform: Int64?) -> Row? {
    guard let candidates = messageType.flatMap({ index[$0] }) else { return nil }
    guard let platform else { return candidates.count == 1 ? candidates.first : nil }
    return candidates.first { $0.platform == platform }
  }
}
