import Synchronization

/// What the process has opened and must never show. It only grows: a secret that was replaced still must not be shown.
private let known = Mutex(Redactor())

/// The text as it may be shown: every secret in it is hidden, every access key shortened to its first four characters.
///
/// Every sink calls this on what it writes: logs, errors, journals, pages, metrics, recordings.
public func redact(_ text: String) -> String {
  let redactor = known.withLock { $0 }
  return redactor(text)
}

/// Hides this secret in everything that the process shows from now on.
///
/// Called by whatever opens a secret, before it is used.
public func hide(secret: some Collection<UInt8>) {
  known.withLock { $0.hide(secret: secret) }
}

/// Shows no more than the first four characters of this access key from now on.
public func hide(accessKey: String) {
  known.withLock { $0.hide(accessKey: accessKey) }
}
