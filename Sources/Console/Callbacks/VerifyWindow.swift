import Synchronization

/// Whether the vendor's console may verify a callback URL just now: it saves one only after a request to it was answered
/// 200, and no page says that this request is signed (pandapon.md 3).
public protocol VerifyWindow: Sendable {
  /// Whether requests for that profile are answered 200 though they are no callback.
  func isOpen(for profile: String) async -> Bool
}

/// Verify windows of this process: each profile has its own, and each ends by itself.
public final class VerifyWindows: VerifyWindow {
  private let now: @Sendable () -> ContinuousClock.Instant
  private let ends = Mutex<[String: ContinuousClock.Instant]>([:])

  /// No window open.
  ///
  /// - Parameter now: The instant; a clock that cannot be set, so that a change of the time of day opens nothing.
  public init(now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
    self.now = now
  }

  /// The longest a window may be open.
  public static let maximum = Duration.seconds(3600)

  /// Opens a profile's window from now on, in place of one that is open; at most for ``maximum``.
  public func open(for profile: String, lasting duration: Duration) {
    let end = now() + min(duration, Self.maximum)
    ends.withLock { $0[profile] = end }
  }

  /// Closes a profile's window.
  public func close(for profile: String) {
    ends.withLock { $0[profile] = nil }
  }

  public func isOpen(for profile: String) async -> Bool {
    let now = now()
    return ends.withLock { ends in
      guard let end = ends[profile] else { return false }
      if now < end { return true }
      ends[profile] = nil
      return false
    }
  }
}
