import CLuaShim

extension LuaCore {
  /// Compiles a text, or takes it from the process's cache, and returns an anchored reference.
  func compile(_ source: [UInt8], name: String, visibility: LuaVisibility) throws(LuaError) -> Int32 {
    if visibility == .script { files.insert(name) }
    let key = ChunkCache.Key(source: source, name: name, visibility: visibility)
    if let dumped = ChunkCache.shared[key] {
      return try load(dumped, key: key, compiled: true)
    }
    let text = try LuaSource(source, name: name, limit: limits.source)
    let reference = try load(text.bytes[...], key: key, compiled: false)
    var dump = ebb_buffer()
    defer { ebb_buffer_free(&dump) }
    // The host's own frames are hidden anyway: without names and lines its chunks are half as large, in every state.
    guard ebb_dump(context, reference, visibility == .host, &dump) else { return reference }
    let dumped = ContiguousArray(UnsafeRawBufferPointer(start: dump.data, count: dump.size))
    ChunkCache.shared[key] = dumped
    guard visibility == .host else { return reference }
    ebb_release(context, reference)
    return try load(dumped, key: key, compiled: true)
  }

  private func load(
    _ bytes: some Collection<UInt8>, key: ChunkCache.Key, compiled: Bool
  ) throws(LuaError) -> Int32 {
    let chunkName = (key.visibility == .host ? "=[ebb] " : "@") + key.name
    var reference: Int32 = 0
    var message: UnsafePointer<CChar>?
    var size = 0
    let status = bytes.withContiguousStorageIfAvailable { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        ebb_load(context, $0.baseAddress, $0.count, chunkName, compiled, &reference, &message, &size)
      }
    }
    switch status {
    case EBB_LOADED?: return reference
    case EBB_LOAD_SYNTAX?: throw LuaSource.syntaxError(text(message, size), in: Array(bytes), name: key.name)
    case EBB_LOAD_TIME?:
      throw LuaError(
        kind: .time, message: "the file takes too long to compile", position: LuaPosition(file: key.name, line: 1))
    default:
      throw LuaError(
        kind: .memory, message: "the file needs more memory to compile than a script may have",
        position: LuaPosition(file: key.name, line: 1))
    }
  }
}
