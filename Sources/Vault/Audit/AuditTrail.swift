import Crypto
import Foundation
import JSON
import Redaction

/// The files of a vault's trail: `vault.audit`, and `vault.audit.1` with what was before it. Lines are only ever appended,
/// by whoever holds the vault's lock.
struct AuditTrail: Sendable {
  let path: String
  /// From this size on the trail goes on in a new file.
  var mostBytes = 4 << 20

  /// What came before the present file.
  var older: String { path + ".1" }

  /// What writes keyed lines.
  struct Pen: Sendable {
    let key: SymmetricKey
    let generation: Int
    let who: String
    let now: @Sendable () -> Int64
  }

  /// The end of a trail.
  struct Tail {
    /// The last line with a code.
    var head = AuditHead.none
    /// What stands behind it: lines without a code, and what a crash left of one.
    var loose: [UInt8] = []
  }

  /// All bytes of the present file.
  func bytes(of file: String) throws(VaultError) -> [UInt8] {
    guard try FileModes.exists(file) else { return [] }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .unavailable("\(file) cannot be read", hint: "this user must have the right to")
    }
    return Array(data)
  }

  /// Whether lines that no one has taken into the chain stand at the end.
  func hasLooseEnd() throws(VaultError) -> Bool { try !tail().loose.isEmpty }

  /// Reads the end, a block at a time.
  func tail() throws(VaultError) -> Tail {
    guard try FileModes.exists(path) else { return Tail() }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileModes.failure(path, "cannot be read") }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    var bytes: [UInt8] = []
    var start = size
    while start > 0 {
      let count = min(start, 8192)
      start -= count
      var block = [UInt8](repeating: 0, count: Int(count))
      guard pread(descriptor, &block, Int(count), start) == Int(count) else {
        throw FileModes.failure(path, "cannot be read")
      }
      bytes = block + bytes
      if let tail = Self.tail(bytes, isWhole: start == 0) { return tail }
    }
    return Tail(loose: bytes)
  }

  /// The tail where the bytes hold a line with a code from its beginning.
  private static func tail(_ bytes: [UInt8], isWhole: Bool) -> Tail? {
    var end = bytes.endIndex
    var loose = bytes.endIndex
    while end > 0 {
      // The line that ends at `end`, with its line feed.
      let start = (bytes[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }) ?? 0
      guard start > 0 || isWhole else { return nil }
      if bytes[end - 1] == UInt8(ascii: "\n"), let line = AuditLine(Array(bytes[start..<end - 1])),
        let sequence = line.sequence
      {
        return Tail(head: AuditHead(sequence: sequence, code: line.code), loose: Array(bytes[loose...]))
      }
      loose = start
      end = start
    }
    return nil
  }

  /// Appends a line to the chain; lines without a code before it are taken in first, also where there is nothing to add.
  ///
  /// - Parameter known: the number that the trail is known to have reached; where it has fewer, its lines were taken away,
  ///   and the gap stays visible.
  /// - Returns: the trail's head from now on.
  func append(_ entry: AuditEntry?, _ pen: Pen, known: UInt64) throws(VaultError) -> AuditHead {
    var tail = try tail()
    tail.head.sequence = max(tail.head.sequence, known)
    var fresh: [UInt8] = []
    if tail.loose.isEmpty {
      if try proceedsInNewFile() {
        // The new file's first line says what it follows.
        tail.head = write(
          AuditEntry(.proceed), ["prev": .string(hex(tail.head.code))], after: tail.head, pen, to: &fresh)
      }
    } else {
      if tail.loose.last != UInt8(ascii: "\n") {
        fresh.append(UInt8(ascii: "\n"))
        tail.loose.append(UInt8(ascii: "\n"))
      }
      let count = tail.loose.count { $0 == UInt8(ascii: "\n") }
      let digest = JSON.string(hex(SHA256.hash(data: tail.loose)))
      tail.head = write(
        AuditEntry(.absorb), ["lines": .integer(Int64(count)), "sha256": digest], after: tail.head, pen, to: &fresh)
    }
    if let entry { tail.head = write(entry, [:], after: tail.head, pen, to: &fresh) }
    if !fresh.isEmpty { try append(fresh) }
    return tail.head
  }

  /// Appends a line without a code: an opening in vain has no key to make one with.
  func append(unkeyed entry: AuditEntry, at: Int64, who: String) throws(VaultError) {
    try append(AuditLine.text(entry, sequence: nil, generation: 0, at: at, who: who) + [UInt8(ascii: "\n")])
  }

  private func write(
    _ entry: AuditEntry, _ more: JSONObject, after head: AuditHead, _ pen: Pen, to bytes: inout [UInt8]
  ) -> AuditHead {
    let sequence = head.sequence + 1
    var body = AuditLine.text(
      entry, sequence: sequence, generation: pen.generation, at: pen.now(), who: redact(pen.who), more: more)
    // The code comes last, in the place of the closing brace.
    body.removeLast()
    let code = AuditLine.code(body, after: head.code, pen.key)
    bytes += body + AuditLine.separator + Array(hex(code).utf8) + Array("\"}\n".utf8)
    return AuditHead(sequence: sequence, code: code)
  }

  private func append(_ bytes: [UInt8]) throws(VaultError) {
    let isNew = try !FileModes.exists(path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileModes.failure(path, "cannot be written") }
    defer { close(descriptor) }
    try bytes.lend { bytes throws(VaultError) in try SecretFile.write(bytes, to: descriptor, path) }
    guard fsync(descriptor) == 0 else { throw FileModes.failure(path, "cannot be written") }
    if isNew { try FileModes.sync(folderOf: path) }
  }

  /// Puts a file that became large aside; the one before it goes.
  private func proceedsInNewFile() throws(VaultError) -> Bool {
    var information = stat()
    guard stat(path, &information) == 0, information.st_size >= mostBytes else { return false }
    guard rename(path, older) == 0 else { throw FileModes.failure(older, "cannot be made") }
    return true
  }
}
