import Synchronization

/// The bytes of bodies that all connections of a listener may hold at once, so that many senders of large bodies do not
/// fill the memory before a signature was looked at.
final class BodyBudget: Sendable {
  private let left: Mutex<Int>

  /// A budget of so many bytes.
  init(_ bytes: Int) {
    left = Mutex(bytes)
  }

  /// Takes bytes; false, and nothing taken, where there are too few.
  func take(_ count: Int) -> Bool {
    left.withLock { left in
      guard count <= left else { return false }
      left -= count
      return true
    }
  }

  /// Gives bytes back.
  func give(_ count: Int) {
    left.withLock { $0 += count }
  }
}
