import JSON

/// The newest requests and what became of them, for `GET /simulator/log`.
struct RequestLog: Sendable {
  struct Entry: Sendable {
    let time: Int64
    let method: String
    let path: String
    var operation: String?
    var faults: [Fault] = []
    var status = 0
    var code: Int?
    /// Whether a write changed the world; nil for a read, and where nobody looks.
    var tookEffect: Bool?

    /// The world before a write that took effect, where the witness wants to see it.
    var worldBefore: World?

    init(time: Int64, method: String, path: String) {
      self.time = time
      self.method = method
      self.path = path
    }
  }

  private let capacity = 2000
  private var entries: [Entry] = []
  private var next = 0

  mutating func append(_ entry: Entry) {
    if entries.count < capacity {
      entries.append(entry)
    } else {
      entries[next] = entry
      next = (next + 1) % capacity
    }
  }

  /// The newest entries, oldest first.
  func latest(_ limit: Int) -> JSON {
    let ordered = entries[next...] + entries[..<next]
    return .array(
      ordered.suffix(max(0, limit)).map { entry in
        [
          "time": .string(CivilTime.rfc3339(entry.time)), "method": .string(entry.method), "path": .string(entry.path),
          "operation": .text(entry.operation), "status": .integer(Int64(entry.status)),
          "code": entry.code.map { .integer(Int64($0)) } ?? .null,
          "faults": .array(entry.faults.map { .string($0.text) }),
        ]
      })
  }
}
