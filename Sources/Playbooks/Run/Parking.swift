import Journal

/// Why a write waits, and how long it is left alone.
struct Parking: Equatable {
  /// What for.
  let wait: RunStatus.Wait
  /// When it is looked at again by itself; nil where only a person can go on with it.
  var wake: Milliseconds?
  /// What an `act` answers meanwhile, and what is known, for people.
  let failure: ScriptFailure
  /// Under which reason it is counted meanwhile, where its error's code does not say it.
  var reason: String?

  /// Whether the API refused the credentials, and nothing of the write is in doubt.
  var isForCredentials: Bool { wait == .credentials && failure.code == .credentials }
}
