import CLuaShim
import JSON

/// Where an answer to Lua lies while C reads it: outside of any Swift frame, since C may leave by longjmp.
struct ReplyStore: ~Copyable {
  private var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var ends = UnsafeMutableBufferPointer<Int>(start: nil, count: 0)

  deinit {
    bytes.deallocate()
    ends.deallocate()
  }

  /// Takes the documents in, and describes them to C.
  mutating func values(_ documents: [[UInt8]]) -> ebb_reply {
    reserve(bytes: documents.reduce(0) { $0 + $1.count }, ends: documents.count)
    var end = 0
    for (index, document) in documents.enumerated() {
      UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyBytes(from: document)
      end += document.count
      ends[index] = end
    }
    return ebb_reply(
      kind: EBB_REPLY_VALUES, bytes: UnsafePointer(bytes.baseAddress?.assumingMemoryBound(to: CChar.self)),
      ends: UnsafePointer(ends.baseAddress), count: documents.count, reference: 0)
  }

  mutating func raise(_ raise: LuaRaise) -> ebb_reply {
    var reply = values([raise.fields.bytes(.compact)])
    reply.kind = EBB_REPLY_RAISE
    return reply
  }

  /// Gives back what a large answer has taken, so that a waiting run is small.
  mutating func shrink() {
    guard bytes.count > 4096 else { return }
    bytes.deallocate()
    bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  private mutating func reserve(bytes size: Int, ends count: Int) {
    if bytes.count < size {
      bytes.deallocate()
      bytes = .allocate(byteCount: max(size, 256), alignment: 16)
    }
    if ends.count < count {
      ends.deallocate()
      ends = .allocate(capacity: max(count, 4))
    }
  }
}
