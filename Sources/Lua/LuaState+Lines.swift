extension LuaState {
  /// The lines of a text on which something is done: those that ``observeLines(_:)`` may tell of.
  ///
  /// - Throws: as ``load(_:name:visibility:)`` does.
  public func executableLines(of source: [UInt8], name: String) throws(LuaError) -> Set<Int> {
    _ = try load(source, name: name, visibility: .script)
    guard let compiled = ChunkCache.shared[ChunkCache.Key(source: source, name: name, visibility: .script)] else {
      return []
    }
    var reader = CompiledChunk(Array(compiled))
    return reader.lines()
  }
}
