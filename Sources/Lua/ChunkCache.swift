import Synchronization

/// Chunks compiled by this process, by their text: never read from a file, since Lua does not verify compiled code.
final class ChunkCache: Sendable {
  struct Key: Hashable, Sendable {
    let source: [UInt8]
    let name: String
    let visibility: LuaVisibility

    /// Looks at both ends of the text only: equality looks at all of it.
    func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(source.count)
      for byte in source.prefix(64) { hasher.combine(byte) }
      for byte in source.suffix(64) { hasher.combine(byte) }
    }
  }

  private struct Entry {
    let dump: ContiguousArray<UInt8>
    var lastUse: UInt64
  }

  private struct Contents {
    var entries: [Key: Entry] = [:]
    var size = 0
    var clock: UInt64 = 0
  }

  static let shared = ChunkCache(capacity: 16 << 20)

  private let capacity: Int
  private let contents = Mutex(Contents())

  /// - Parameter capacity: bytes of sources and dumps together.
  init(capacity: Int) { self.capacity = capacity }

  var count: Int { contents.withLock { $0.entries.count } }

  subscript(key: Key) -> ContiguousArray<UInt8>? {
    get {
      contents.withLock { contents in
        contents.clock += 1
        guard let index = contents.entries.index(forKey: key) else { return nil }
        contents.entries.values[index].lastUse = contents.clock
        return contents.entries.values[index].dump
      }
    }
    set {
      contents.withLock { contents in
        if let old = contents.entries.removeValue(forKey: key) { contents.size -= old.dump.count + key.source.count }
        guard let dump = newValue, dump.count + key.source.count <= capacity / 4 else { return }
        contents.clock += 1
        contents.entries[key] = Entry(dump: dump, lastUse: contents.clock)
        contents.size += dump.count + key.source.count
        while contents.size > capacity, let oldest = contents.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
          contents.entries[oldest.key] = nil
          contents.size -= oldest.value.dump.count + oldest.key.source.count
        }
      }
    }
  }
}
