import Redaction

/// Why nothing can be looked for in a request that somebody copied: what is missing in it.
public struct SignedExampleError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case missing(String)
    case unusableTimestamp(String)
  }
  private let code: Code

  /// A part without which nothing can be found, by its name in the input.
  public static func missing(_ name: String) -> Self { Self(code: .missing(name)) }
  static func unusableTimestamp(_ text: String) -> Self { Self(code: .unusableTimestamp(redact(text))) }

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .missing(let name): "the request has no \(name)"
    case .unusableTimestamp(let text): "the timestamp \"\(text)\" is neither milliseconds nor seconds since 1970"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .missing: "copy it from one request that the API answered, with all of its headers"
    case .unusableTimestamp: "a timestamp looks like 1715669977082 (ms) or 1715669977 (s)"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .missing: "signed_example_incomplete"
    case .unusableTimestamp: "signed_example_timestamp"
    }
  }
}
