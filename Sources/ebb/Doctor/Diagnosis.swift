import JSON

/// What one check of `ebb doctor` found.
struct Diagnosis: Hashable, Sendable {
  /// How bad it is.
  enum Level: String, Hashable, Sendable, CaseIterable {
    /// As it should be, or of no matter here.
    case ok
    /// It works, and somebody should look at it.
    case warning
    /// Something does not work, or would do harm.
    case error
  }

  let level: Level
  /// What was found, in one sentence, without a full stop.
  let message: String
  /// What to do about it.
  let hint: String?

  private init(_ level: Level, _ message: String, hint: String?) {
    (self.level, self.message, self.hint) = (level, message, hint)
  }

  static func ok(_ message: String) -> Diagnosis { Diagnosis(.ok, message, hint: nil) }
  static func warning(_ message: String, hint: String) -> Diagnosis { Diagnosis(.warning, message, hint: hint) }
  static func error(_ message: String, hint: String?) -> Diagnosis { Diagnosis(.error, message, hint: hint) }

  /// What kept the check from looking.
  static func failed(_ error: any Error) -> Diagnosis {
    let failure = CommandFailure(anything: error)
    return .error(failure.message, hint: failure.hint)
  }
}

/// One thing that `ebb doctor` looks at.
protocol DoctorCheck: Sendable {
  /// What it looks at, in one or two words.
  var name: String { get }
  /// Looks; at least one line, since silence could mean anything.
  func diagnoses(in patient: Patient) async -> [Diagnosis]
}
