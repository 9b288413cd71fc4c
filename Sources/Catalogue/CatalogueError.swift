import JSON

/// Why a catalogue document cannot be used: always a fault of the document, never of a script.
public struct CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in one sentence.
  public let reason: String
  /// Where in the document, as an operation's id or a JSON pointer; empty for the whole.
  public let place: String

  init(_ reason: String, at place: String = "") {
    self.reason = reason
    self.place = place
  }

  init(_ reason: String, at pointer: JSONPointer) {
    self.init(reason, at: pointer.description)
  }

  /// The damage and its place in one sentence.
  public var description: String {
    place.isEmpty ? "the catalogue is damaged: \(reason)" : "the catalogue is damaged at \(place): \(reason)"
  }
}
