public import JSON
public import Journal

/// A run with all that is needed to replay it, as one document that opens on any machine (G23).
public struct RunBundle: Hashable, Sendable {
  /// The texts that the run executes.
  public let version: PlaybookVersion
  /// All that is recorded of it.
  public let history: RunHistory
  /// What wrote the document, e.g. `0.1.0`.
  public let ebb: String
  /// When it was written.
  public let exported: Milliseconds
  /// What was done to it and found by a replay afterwards; `{}` where nothing was.
  public let redaction: JSON

  /// The name of the format, and its version.
  public static let format = "ebb-bundle"
  static let formatVersion: Int64 = 1

  /// A bundle of that run.
  public init(
    version: PlaybookVersion, history: RunHistory, ebb: String, exported: Milliseconds, redaction: JSON = [:]
  ) {
    self.version = version
    self.history = history
    self.ebb = ebb
    self.exported = exported
    self.redaction = redaction
  }

  /// The bundle with another word on what was done to it.
  public func noting(_ redaction: JSON) -> RunBundle {
    RunBundle(version: version, history: history, ebb: ebb, exported: exported, redaction: redaction)
  }
}
