public import JSON

/// A place in a script: the name of its file, and a line from 1.
public struct LuaPosition: Sendable, Hashable, CustomStringConvertible {
  public let file: String
  public let line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// `file:line`.
  public var description: String { "\(file):\(line)" }
}

/// One activation in a trace. Only the merchant's are listed: those of chunks loaded as `.script`.
public struct LuaFrame: Sendable, Hashable, CustomStringConvertible {
  public let position: LuaPosition
  /// The name by which the function was called; nil for the main part of a file, and `?` where there was none.
  public let function: String?

  public init(position: LuaPosition, function: String?) {
    self.position = position
    self.function = function
  }

  /// `file:line: in function`.
  public var description: String { function.map { "\(position): in \($0)" } ?? "\(position):" }
}

/// Why a script could not be loaded or did not end well.
///
/// The message is for people, at most 8 KiB, and without the place, which is ``position``.
public struct LuaError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is; new ones may come.
  public struct Kind: Sendable, Hashable, CustomStringConvertible {
    private enum Code: String { case syntax, runtime, memory, time, conversion, source }
    private let code: Code

    /// The text is no Lua.
    public static let syntax = Kind(code: .syntax)
    /// The script raised an error.
    public static let runtime = Kind(code: .runtime)
    /// The script needed more than ``LuaLimits/memory``. It cannot have caught this.
    public static let memory = Kind(code: .memory)
    /// The script computed for longer than ``LuaLimits/slice``. It cannot have caught this.
    public static let time = Kind(code: .time)
    /// A value cannot cross between the script and its host: a function, say, or a table within itself.
    public static let conversion = Kind(code: .conversion)
    /// The bytes are no UTF-8 text: another encoding, or compiled code.
    public static let source = Kind(code: .source)

    /// One word, for metrics.
    public var description: String { code.rawValue }
  }

  public let kind: Kind
  public let message: String
  /// The fields of the error table that was raised; nil where something else was, or where it cannot be written as JSON.
  public let value: JSON?
  /// Whether ``value`` is an error that the host raised (``LuaRaise``), and not a table of the script's own.
  public let isHostError: Bool
  /// Where in the script it happened; nil when no part of a script was involved.
  public let position: LuaPosition?
  /// The merchant's activations, innermost first.
  public let trace: [LuaFrame]
  /// How many activations in the middle of ``trace`` were left out.
  public let skippedFrames: Int

  public init(
    kind: Kind, message: String, value: JSON? = nil, isHostError: Bool = false, position: LuaPosition? = nil,
    trace: [LuaFrame] = [], skippedFrames: Int = 0
  ) {
    self.kind = kind
    self.message = message
    self.value = value
    self.isHostError = isHostError
    self.position = position
    self.trace = trace
    self.skippedFrames = skippedFrames
  }

  /// The place and the message on one line: `file:line: message`.
  public var description: String { position.map { "\($0): \(message)" } ?? message }
}
