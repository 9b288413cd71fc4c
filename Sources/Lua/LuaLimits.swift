/// How much one run of a script may take; a breach ends the run and cannot be caught by the script.
///
/// The defaults are those of guarantee G5.
public struct LuaLimits: Sendable, Hashable {
  /// Memory of the whole state, in bytes: 64 MiB.
  public var memory: Int
  /// CPU time between two answers of the host, measured in steps of 10 ms of the thread's CPU clock: 500 ms.
  public var slice: Duration
  /// All arguments of one call to the host, as JSON, in bytes: 1 MiB. A longer call fails with a conversion error.
  public var argument: Int
  /// The deepest nesting of a value that a script sends: 64.
  public var depth: Int
  /// The longest source of one chunk, in bytes: 1 MiB.
  public var source: Int

  /// Limits that default to those of guarantee G5.
  public init(
    memory: Int = 64 << 20, slice: Duration = .milliseconds(500), argument: Int = 1 << 20, depth: Int = 64,
    source: Int = 1 << 20
  ) {
    self.memory = memory
    self.slice = slice
    self.argument = argument
    self.depth = depth
    self.source = source
  }

  /// The slice in ticks of a thread's timer, at least one.
  var sliceTicks: UInt64 {
    let (seconds, attoseconds) = slice.components
    let milliseconds = max(0, seconds) * 1000 + attoseconds / 1_000_000_000_000_000
    return UInt64(max(1, (milliseconds + 9) / 10))
  }
}
