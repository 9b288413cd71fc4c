public import JSON
import Lua

/// What became of one test.
public struct TestOutcome: Sendable {
  /// The file, as people name it.
  public let file: String
  /// The test's name.
  public let name: String
  /// Why it failed; nil where it passed.
  public let failure: Failure?
  /// How long it took in this machine's time.
  public let took: Duration

  /// Why a test failed.
  public struct Failure: Sendable {
    /// For people; it may have several lines.
    public let message: String
    /// Where in the test, `file:line`.
    public let place: String?

    init(_ error: LuaError) {
      message = error.message
      place = error.position?.description
    }

    init(_ message: String, at place: String? = nil) {
      self.message = message
      self.place = place
    }
  }

  /// The outcome as `ebb test --json` prints it.
  public var json: JSON {
    [
      "file": .string(file), "test": .string(name), "outcome": failure == nil ? "passed" : "failed",
      "message": failure.map { .string($0.message) } ?? .null, "place": failure?.place.map(JSON.string) ?? .null,
      "ms": .integer(Int64(took / .milliseconds(1))),
    ]
  }
}
