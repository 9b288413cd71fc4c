/// The name of one run, e.g. `run-20261123-7f3a9c`; opaque to the store.
public struct RunID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The text that people and the store use.
  public let text: String

  /// A run of that name.
  public init(_ text: String) {
    self.text = text
  }

  public init(stringLiteral value: String) {
    text = value
  }

  public var description: String { text }
}

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z; what every record of the store is stamped with.
public typealias Milliseconds = Int64
