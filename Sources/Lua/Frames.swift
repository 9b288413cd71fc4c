import CLuaShim

/// The text before the zero byte.
func text(of characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The text of an array of C, which Swift sees as a tuple, up to its zero byte.
private func text<Characters>(in characters: Characters) -> String {
  withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

extension LuaPosition {
  init(_ frame: ebb_frame) {
    self.init(file: text(in: frame.source), line: Int(frame.line))
  }
}

extension LuaFrame {
  init(_ frame: ebb_frame) {
    let name = text(in: frame.function)
    self.init(position: LuaPosition(frame), function: name.isEmpty ? nil : name)
  }
}

extension ebb_trace {
  var listed: [LuaFrame] {
    UnsafeBufferPointer(start: frames, count: frames == nil ? 0 : Int(count)).map(LuaFrame.init)
  }
}
