/// What a simulated marketplace is made of; everything has a default.
public struct SimulatorOptions: Sendable {
  /// The port on 127.0.0.1; 0 takes a free one.
  public var port = 0
  /// What everything random is drawn from.
  public var seed: UInt64 = 1
  /// Where time comes from.
  public var clock = MarketplaceClock.real
  /// What the world holds at first.
  public var scenario = Scenario.small
  /// How long states last.
  public var windows = Windows()
  /// What goes wrong.
  public var faults = FaultPlan.none
  /// A file to which every request is appended as a JSON line, secrets hashed.
  public var record: String?
  /// Where callbacks go, e.g. `http://127.0.0.1:8081/callbacks/hk`; none are sent where it is nil.
  public var callback: String?
  /// How long an answer to one may take by the machine's clock: the vendor waits for 1000 ms (pandapon.md 3). One that comes
  /// later counts as none, and the callback is sent again half an hour later by the simulated clock.
  public var callbackPatience = Duration.milliseconds(1000)
  /// What their signature is made over.
  public var callbackSigning = CallbackSigning.body
  /// Told of every request of an operation, on arrival and before the answer leaves; must return at once.
  public var witness: (@Sendable (WitnessedExchange) -> Void)?
  /// Whether the witness sees the world around each write that took effect; it keeps two worlds for each.
  public var witnessesWorlds = false
  /// The account; nil makes one from the seed.
  public var account: SimulatedAccount?

  /// The defaults: a small world at the machine's time, on a free port.
  public init() {}
}

/// Why a simulator cannot start.
public struct SimulatorError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong.
  public let description: String
  /// What to do about it.
  public let hint: String
}
