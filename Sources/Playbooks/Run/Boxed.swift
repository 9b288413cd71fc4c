/// A value in a block of its own: whoever holds it holds one word.
///
/// For what is large, seldom looked at and never changed: an assignment, say, is passed on and kept by several, and a run
/// that waits would hold a kilobyte of copies in the frames of its task.
@propertyWrapper
public struct Boxed<Value: Sendable>: Sendable {
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private let box: Box

  /// A value, moved into its block.
  public init(wrappedValue: Value) {
    box = Box(wrappedValue)
  }

  /// The value.
  public var wrappedValue: Value { box.value }
}
