public import Journal
public import Lua

/// Looks at a replay while it goes on: a debugger, say.
public protocol ReplayWatcher: Sendable {
  /// Called before each recorded result is delivered, while the branch that asked for it waits; the replay goes on when
  /// this returns, and ends there where it returns false.
  func look(at stop: ReplayStop) async -> Bool
}

/// A place in a replay: a step that the script asked for, whose recorded result is about to be delivered.
public struct ReplayStop: Sendable {
  /// The step with its recorded result.
  public let step: Step
  /// Its place in the order of delivery, from 1.
  public let ordinal: Int
  /// How many steps the journal has.
  public let count: Int
  /// The line of the script that asks, e.g. `scripts/chase.lua:12`.
  public let line: String?
  /// The merchant's functions that wait for the result, innermost first, with what they hold.
  public let scopes: [LuaScope]
}
