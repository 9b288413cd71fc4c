import CLuaShim
public import JSON

/// A variable of a script as it stood at one moment.
public struct LuaVariable: Hashable, Sendable {
  /// Its name in the script.
  public let name: String
  /// Whether it belongs to a function around the frame's own.
  public let isOuter: Bool
  /// Its value; nil where it has none in JSON, and ``note`` says why.
  public let value: JSON?
  /// What it is instead, e.g. `function`, or why it is not shown.
  public let note: String?

  /// A variable and its value.
  public init(name: String, isOuter: Bool = false, value: JSON?, note: String? = nil) {
    self.name = name
    self.isOuter = isOuter
    self.value = value
    self.note = note
  }
}

/// A frame of the merchant's and what it holds: for looking into a run.
public struct LuaScope: Hashable, Sendable {
  /// The function and the line that it is at.
  public let frame: LuaFrame
  /// Its own variables in the order of their declaration, then those of the functions around it that it uses; of equal
  /// names the one that the line sees.
  public let variables: [LuaVariable]

  /// A frame with those variables.
  public init(frame: LuaFrame, variables: [LuaVariable]) {
    self.frame = frame
    self.variables = variables
  }
}

extension HostCall {
  /// The merchant's frames that lead to the call, innermost first, with what they hold.
  ///
  /// - Parameters:
  ///   - most: the most frames.
  ///   - limit: the longest value that is shown, in bytes of JSON.
  public func scopes(atMost most: Int = 16, limit: Int = 16_384) -> [LuaScope] {
    var scopes: [LuaScope] = []
    var frame = ebb_frame()
    while scopes.count < most, ebb_call_frame(thread, Int32(scopes.count), &frame) {
      let number = Int32(scopes.count)
      var variables = variables(ofFrame: number, outer: false, limit: limit)
      let own = Set(variables.map(\.name))
      variables += self.variables(ofFrame: number, outer: true, limit: limit).filter { !own.contains($0.name) }
      scopes.append(LuaScope(frame: LuaFrame(frame), variables: variables))
    }
    return scopes
  }

  private func variables(ofFrame frame: Int32, outer: Bool, limit: Int) -> [LuaVariable] {
    var found: [LuaVariable] = []
    var buffer = ebb_buffer()
    defer { ebb_buffer_free(&buffer) }
    var name = [CChar](repeating: 0, count: 64)
    var message = [CChar](repeating: 0, count: 192)
    var number: Int32 = 0
    while true {
      number += 1
      buffer.size = 0
      guard ebb_call_variable(thread, frame, outer, number, &name, &buffer, limit, &message) else { return found }
      let title = text(of: name)
      // What Lua itself keeps, such as the state of a loop, is in brackets; `_ENV` holds the globals.
      if title.hasPrefix("(") || title == "_ENV" { continue }
      let note = text(of: message)
      let value =
        note.isEmpty ? try? JSON(parsing: UnsafeRawBufferPointer(start: buffer.data, count: buffer.size)) : nil
      found.removeAll { $0.name == title }
      found.append(LuaVariable(name: title, isOuter: outer, value: value, note: note.isEmpty ? nil : note))
    }
  }
}
