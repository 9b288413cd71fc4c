public import JSON

/// What became of one request inside a simulated marketplace: the truth, whatever its client was told.
///
/// A witness sees each request twice: when it arrives, and when it is over but not answered yet. In between, and before
/// the answer leaves, the client knows nothing: tests of crashes end it there.
public struct WitnessedExchange: Sendable, Hashable {
  /// When the witness looks.
  public enum Moment: String, Sendable, Hashable {
    /// It is received, and nothing has happened.
    case arrived
    /// What it does is done, or was refused, or a fault struck; the answer has not left.
    case concluded
  }

  /// The moment.
  public let moment: Moment
  /// The operation's id.
  public let operation: String
  /// Whether the operation is a write.
  public let isWrite: Bool
  /// The arguments of path, query and body, as one object.
  public let arguments: JSON
  /// Whether the write changed the world; one that finds its work done does not. Always false on arrival.
  public let tookEffect: Bool
  /// What went wrong with it; empty on arrival.
  public let faults: [Fault]
  /// The instant of the simulated world, in ms since 1970.
  public let instant: Int64
  /// The world before a write that took effect, and after it; nil where ``SimulatorOptions/witnessesWorlds`` is off.
  public var worlds: Worlds?

  /// One world twice.
  public struct Worlds: Sendable, Hashable {
    /// Before the write, and after it.
    public let before: World, after: World
  }
}
