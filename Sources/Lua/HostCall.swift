import CLuaShim
public import JSON

/// One call of a script to a host function; valid for as long as the function runs.
public struct HostCall: ~Copyable {
  let core: LuaCore
  let thread: OpaquePointer

  /// The branch that calls.
  public let branch: LuaBranch

  /// How many arguments there are, trailing nils included.
  public var count: Int { Int(ebb_call_count(thread)) }

  /// Whether ``HostReply/suspend`` is possible here. It is not in a few places below functions of Lua's own
  /// (a message handler, a `__close` run by `coroutine.close`); functions registered as waiting are not called there.
  public var canSuspend: Bool { ebb_call_may_wait(thread) }

  /// All arguments as one canonical JSON array.
  ///
  /// - Throws: a ``LuaError`` of kind `conversion` that names the place by JSON pointer, e.g.
  ///   `a function cannot be sent (at /2/items)`.
  public func arguments() throws(LuaError) -> [UInt8] {
    var buffer = ebb_buffer()
    defer { ebb_buffer_free(&buffer) }
    var message = [CChar](repeating: 0, count: 192)
    var pointer = [CChar](repeating: 0, count: 320)
    let limits = core.limits
    guard ebb_call_arguments(thread, &buffer, limits.argument, Int32(limits.depth), &message, &pointer) else {
      let place = text(of: pointer)
      let problem = text(of: message)
      throw LuaError(
        kind: .conversion, message: place.isEmpty ? problem : "\(problem) (at \(place))", position: position())
    }
    return Array(UnsafeRawBufferPointer(start: buffer.data, count: buffer.size))
  }

  /// All arguments as JSON values.
  ///
  /// - Throws: as ``arguments()`` does.
  public func json() throws(LuaError) -> [JSON] {
    let bytes = try arguments()
    do {
      return try JSON(parsing: bytes, maximumDepth: core.limits.depth + 1).array ?? []
    } catch {
      throw LuaError(kind: .conversion, message: error.description, position: position())
    }
  }

  /// The argument at that index, from 0, where it is a function; nil where it is something else.
  public func function(at index: Int) -> LuaFunction? {
    let reference = ebb_call_function(thread, Int32(index) + 1)
    return reference == 0 ? nil : LuaFunction(core: core, reference: reference, visibility: .script)
  }

  /// The merchant's file and line that made the call; frames of the host's own are skipped.
  public func position() -> LuaPosition? {
    var frame = ebb_frame()
    return ebb_call_position(thread, &frame) ? LuaPosition(frame) : nil
  }

  /// Where the error was raised that is the argument at that index, from 0; nil where it is no error of the host's.
  public func errorPosition(at index: Int) -> LuaPosition? {
    var frame = ebb_frame()
    return ebb_call_error_position(thread, Int32(index) + 1, &frame) ? LuaPosition(frame) : nil
  }
}
