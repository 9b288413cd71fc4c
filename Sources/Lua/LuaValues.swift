public import JSON

/// One coroutine of a run that the host has started.
public struct LuaBranch: Hashable, Sendable {
  /// Counted from 0 in the order of ``LuaState/start(_:seed:)``; chunks of the host's own count down from -1.
  public let id: Int32

  public init(id: Int32) { self.id = id }

  /// The first branch that runs a chunk of the merchant's.
  public static let main = LuaBranch(id: 0)
}

/// Whose a chunk is.
public enum LuaVisibility: Sendable, Hashable {
  /// The host's own: hidden from traces, and given the table of host functions as its first argument.
  case host
  /// The merchant's.
  case script
}

/// What `require` is to load.
public enum LuaModule: Sendable {
  /// The text of the module, the name of its file and whose it is.
  case source([UInt8], name: String, visibility: LuaVisibility)
  /// There is none: the message says what was looked for.
  case missing(String)
}

/// An error that the host raises in a script: there it is a table of these fields, whose `tostring` is the message.
public struct LuaRaise: Sendable, Hashable {
  /// An object with at least `code` and `message`.
  public var fields: JSON

  public init(fields: JSON) { self.fields = fields }

  /// An error with a code, a message, and perhaps more.
  public init(code: String, message: String, more: JSONObject = [:]) {
    var members = JSONObject([("code", .string(code)), ("message", .string(message))])
    for (key, value) in more { members[key] = value }
    fields = .object(members)
  }
}

/// What a branch is resumed with.
public enum LuaResumption: Sendable {
  /// The arguments of a branch that has not run yet.
  case start([JSON])
  /// The results of the host function that waits: each is one JSON document and becomes one Lua value.
  case returns([[UInt8]])
  /// An error of the host function that waits.
  case raises(LuaRaise)
}

/// How a resume ended.
public enum LuaOutcome: Sendable {
  /// A host function answered ``HostReply/suspend``: the branch waits to be resumed.
  case suspended
  /// The branch has ended; its first result as canonical JSON, nil where it returned nothing.
  case finished([UInt8]?)
  /// The branch has ended by an error.
  case failed(LuaError)
}

/// What a host function answers.
public enum HostReply {
  /// Results, one Lua value each.
  case values([JSON])
  /// Results, one JSON document each, which becomes one Lua value.
  case bytes([[UInt8]])
  /// One function as the result.
  case function(LuaFunction)
  /// An error at the place of the call.
  case raise(LuaRaise)
  /// The answer comes later: the branch stops here until ``LuaState/resume(_:with:)`` brings it.
  case suspend
}
