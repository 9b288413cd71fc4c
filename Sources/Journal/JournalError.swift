/// Why the store could not do what was asked; never an outcome that a run should act on.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  enum Code: String, Hashable {
    case unknownRun = "unknown_run"
    case unavailable
    case full
    case readOnly = "read_only"
    case damaged
    case newer
    case foreign
    case busy
    case locked
  }

  let code: Code
  /// What went wrong, for people.
  public let description: String
  /// What to do about it.
  public let hint: String?

  /// No run of that id is recorded.
  public static func unknownRun(_ id: RunID) -> JournalError {
    JournalError(code: .unknownRun, description: "no run \(id) is recorded", hint: "`ebb runs list` shows them")
  }

  /// The store cannot be opened or asked.
  public static func unavailable(_ reason: String, hint: String? = nil) -> JournalError {
    JournalError(code: .unavailable, description: reason, hint: hint)
  }

  /// There is no room for what is to be recorded.
  public static func full(_ reason: String) -> JournalError {
    JournalError(
      code: .full, description: reason,
      hint: "make room on the disk, then `ebb runs resume --all`: what was acknowledged is kept")
  }

  /// The store may only be read.
  public static func readOnly(_ reason: String) -> JournalError {
    JournalError(
      code: .readOnly, description: reason, hint: "the store's file and folder must be writable for this user")
  }

  /// What is read back is not what was written.
  public static func damaged(_ reason: String) -> JournalError {
    JournalError(
      code: .damaged, description: reason,
      hint: "stop all that uses the store, and go on from the latest `ebb store backup`")
  }

  /// A newer Ebb wrote the store.
  public static func newer(_ reason: String) -> JournalError {
    JournalError(code: .newer, description: reason, hint: "install that version, or name another store with --store")
  }

  /// The file is no store of Ebb's.
  public static func foreign(_ reason: String) -> JournalError {
    JournalError(code: .foreign, description: reason, hint: "name another file with --store or EBB_STORE")
  }

  /// Other processes kept the store from being written for too long.
  public static func busy(_ reason: String) -> JournalError {
    JournalError(code: .busy, description: reason, hint: "try again; `ebb runs list` shows what runs")
  }

  /// What the store holds is sealed, and what opens it cannot be had.
  public static func locked(_ reason: String, hint: String?) -> JournalError {
    JournalError(code: .locked, description: reason, hint: hint)
  }

  /// A bounded name for metrics and `--json`.
  public var label: String { code.rawValue }

  /// Whether the file itself is the trouble, and no other attempt will help until a person has looked at it.
  public var isConfiguration: Bool {
    switch code {
    case .newer, .foreign, .readOnly, .locked: true
    case .unknownRun, .unavailable, .full, .damaged, .busy: false
    }
  }
}
