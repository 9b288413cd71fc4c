/// Where in a run a step was taken: `3` is the third step of the run's main line, `5/2/1` the first step of the second
/// branch that the fifth step opened.
public struct StepPath: Hashable, Sendable, CustomStringConvertible {
  /// The ordinals, outermost first, each counted from 1; empty for the main line itself.
  public let ordinals: [Int]

  /// A path of those ordinals.
  public init(_ ordinals: [Int] = []) {
    self.ordinals = ordinals
  }

  /// The path one level deeper.
  public func appending(_ ordinal: Int) -> StepPath {
    StepPath(ordinals + [ordinal])
  }

  public var description: String {
    ordinals.map(String.init).joined(separator: "/")
  }
}

extension StepPath: Comparable {
  /// Orders by position in the run: a step comes before those of the branches it opened.
  public static func < (left: StepPath, right: StepPath) -> Bool {
    left.ordinals.lexicographicallyPrecedes(right.ordinals)
  }
}
