internal import Crypto
internal import JSON

/// Finds and erases what the store has about the people of one subject.
struct Forgetting<Personal: PersonalData> {
  let eraser: Eraser
  let personal: Personal
  let reader: StoreReader
  /// What a payload must hold to be looked at closely: most hold nothing of the subject.
  private let needle: [UInt8]

  init(_ subject: String, _ personal: Personal, _ reader: StoreReader) {
    eraser = Eraser(subject: subject)
    self.personal = personal
    self.reader = reader
    needle = Array(subject.utf8)
  }

  private var connection: Connection { reader.connection }

  // MARK: Finding

  /// One sealed column of a table, with what opens it.
  private struct Sealed {
    let kind: PayloadPlace.Kind
    let query: String
  }

  /// All that may speak of a subject and belongs to a run: its row's number, its path where it has one, and what is
  /// sealed.
  private static var columns: [Sealed] {
    [
      Sealed(kind: .step, query: "SELECT id, path, body FROM steps WHERE run = ?"),
      Sealed(kind: .step, query: "SELECT id, path, body FROM superseded WHERE run = ?"),
      Sealed(kind: .note, query: "SELECT id, after, body FROM notes WHERE run = ?"),
      Sealed(kind: .arguments, query: "SELECT id, path, arguments FROM effects WHERE run = ?"),
      Sealed(kind: .answer, query: "SELECT id, path, answer FROM effects WHERE run = ?"),
      Sealed(kind: .question, query: "SELECT id, path, items FROM approvals WHERE run = ?"),
      Sealed(kind: .input, query: "SELECT id, x'', input FROM runs WHERE id = ?"),
      Sealed(kind: .result, query: "SELECT id, x'', result FROM runs WHERE id = ?"),
      Sealed(kind: .failure, query: "SELECT id, x'', failure FROM runs WHERE id = ?"),
    ]
  }

  /// Runs that are not over, or have unsettled effects, and touch the subject.
  func unfinishedRuns() throws -> [RunID] {
    let live = try connection.all(
      """
      SELECT r.id, r.name FROM runs r WHERE r.status < \(RunStatus.firstFinalCode)
        OR EXISTS (SELECT 1 FROM effects e WHERE e.run = r.id AND \(StoreReader.isLive)) ORDER BY r.id
      """
    ) { (number: $0.integer(0), name: RunID($0.text(1))) }
    return try live.filter { try touches($0.number) }.map(\.name)
  }

  func touches(_ run: Int64) throws -> Bool {
    let name = try name(of: run)
    return try Self.columns.contains { column in
      try connection.all(column.query, .integer(run)) { row -> Bool in
        guard let sealed = row.bytesOrNil(2) else { return false }
        return holds(try reader.payloads.open(sealed, place(name, try row.path(1), column.kind)))
      }.contains(true)
    }
  }

  /// Whether the id stands there as a whole: not as a part of a longer one.
  func holds(_ bytes: [UInt8]) -> Bool {
    guard let first = needle.first else { return false }
    var start = bytes.startIndex
    while let found = bytes[start...].firstIndex(of: first), bytes.count - found >= needle.count {
      let end = found + needle.count
      let isBegin = found == 0 || !Self.isOfIDs(bytes[found - 1])
      let isEnd = end == bytes.count || !Self.isOfIDs(bytes[end])
      if isBegin, isEnd, bytes[found..<end].elementsEqual(needle) { return true }
      start = found + 1
    }
    return false
  }

  private static func isOfIDs(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: false
    }
  }

  private func name(of run: Int64) throws -> String {
    try connection.first("SELECT name FROM runs WHERE id = ?", .integer(run)) { $0.text(0) } ?? ""
  }

  private func place(_ owner: String, _ path: StepPath, _ kind: PayloadPlace.Kind) -> PayloadPlace {
    PayloadPlace(owner: owner, path: path, kind: kind)
  }

  // MARK: Erasing

  /// - Returns: how many records were changed.
  func erase(_ run: Int64, _ transaction: WriteTransaction) throws -> Int {
    let name = try name(of: run)
    var changed = 0
    for table in ["steps", "superseded"] { changed += try eraseSteps(table, of: run, name) }
    changed += try replace(
      of: run, name, .note, in: "notes", "body", where: "subject IS NULL", path: "after"
    ) { try note($0, isLog: $1 == NoteBody.Kind.log.rawValue) }
    changed += try replace(of: run, name, .arguments, in: "effects", "arguments", selecting: "operation") {
      eraser.erased($0, personal: personal.personal(inArguments: $0, of: try reader.word($1)))
    }
    changed += try replace(of: run, name, .answer, in: "effects", "answer", selecting: "operation") {
      eraser.erased($0, personal: personal.personal(inAnswer: $0, of: try reader.word($1)))
    }
    changed += try replace(of: run, name, .question, in: "approvals", "items", selecting: "0") { items, _ in work(items)
    }
    changed += try eraseRun(run, name)
    return changed
  }

  private func work(_ value: JSON) -> JSON? {
    eraser.erased(value, personal: personal.personal(inWork: value))
  }

  /// What a script says in its own words about the subject cannot be taken apart: the words go as a whole.
  private func note(_ body: JSON, isLog: Bool) throws -> JSON? {
    guard isLog, let level = body[0], let message = body[1]?.string, let fields = body[2] else { return work(body) }
    guard message.contains(eraser.subject) || eraser.speaks(fields) else { return nil }
    return [level, .string(Eraser.mark), work(fields) ?? fields]
  }

  /// Replaces what one column seals in the rows of a run.
  private func replace(
    of run: Int64, _ name: String, _ kind: PayloadPlace.Kind, in table: String, _ column: String,
    selecting extra: String = "kind", where condition: String = "1", path: String = "path",
    _ erase: (JSON, Int64) throws -> JSON?
  ) throws -> Int {
    let rows = try connection.all(
      "SELECT id, \(path), \(column), \(extra) FROM \(table) WHERE run = ? AND \(condition)", .integer(run)
    ) { row in (id: row.integer(0), path: try row.path(1), sealed: row.bytesOrNil(2), extra: row.integer(3)) }
    var changed = 0
    for row in rows {
      guard let sealed = row.sealed else { continue }
      let place = place(name, row.path, kind)
      let bytes = try reader.payloads.open(sealed, place)
      guard holds(bytes), let erased = try erase(try Payloads.parse(bytes, place), row.extra) else { continue }
      try connection.run(
        "UPDATE \(table) SET \(column) = ? WHERE id = ?", try reader.payloads.seal(erased, place), .integer(row.id))
      if kind == .arguments || kind == .question { try hideDigest(in: table, row.id) }
      changed += 1
    }
    return changed
  }

  private func eraseSteps(_ table: String, of run: Int64, _ name: String) throws -> Int {
    let rows = try connection.all("SELECT id, path, body, name FROM \(table) WHERE run = ?", .integer(run)) { row in
      (id: row.integer(0), path: try row.path(1), sealed: row.bytes(2), operation: row.integer(3))
    }
    var changed = 0
    for row in rows {
      let place = place(name, row.path, .step)
      let bytes = try reader.payloads.open(row.sealed, place)
      guard holds(bytes), let parts = Frames.split(bytes) else { continue }
      let operation = try reader.word(row.operation)
      let erased = try parts.enumerated().map { index, part -> [UInt8] in
        guard !part.isEmpty else { return part }
        let value = try Payloads.parse(part, place)
        let pointers =
          index == 0
          ? personal.personal(inArguments: value, of: operation) : personal.personal(inAnswer: value, of: operation)
        return eraser.erased(value, personal: pointers)?.bytes() ?? part
      }
      guard erased != parts else { continue }
      try connection.run(
        "UPDATE \(table) SET body = ? WHERE id = ?", try reader.payloads.seal(Frames.joined(erased), place),
        .integer(row.id))
      if erased.first != parts.first { try hideDigest(in: table, row.id) }
      changed += 1
    }
    return changed
  }

  /// A digest of what was erased would let a phone number be found by trying them all.
  private func hideDigest(in table: String, _ id: Int64) throws {
    let random = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    try connection.run("UPDATE \(table) SET digest = ? WHERE id = ?", .bytes(random), .integer(id))
  }

  private func eraseRun(_ run: Int64, _ name: String) throws -> Int {
    var changed = 0
    for kind in [PayloadPlace.Kind.input, .result, .failure] {
      let place = place(name, StepPath(), kind)
      let column = kind.rawValue
      let sealed = try connection.first("SELECT \(column) FROM runs WHERE id = ?", .integer(run)) { $0.bytesOrNil(0) }
      guard let sealed = sealed ?? nil else { continue }
      let bytes = try reader.payloads.open(sealed, place)
      guard holds(bytes) else { continue }
      let parts = kind == .input ? Frames.split(bytes) ?? [] : [bytes]
      let erased = try parts.map { part in work(try Payloads.parse(part, place))?.bytes() ?? part }
      guard erased != parts else { continue }
      let fresh = kind == .input ? Frames.joined(erased) : erased[0]
      try connection.run(
        "UPDATE runs SET \(column) = ? WHERE id = ?", try reader.payloads.seal(fresh, place), .integer(run))
      changed += 1
    }
    return changed
  }

  /// A plan is a document of its own, whose digest stays its name.
  func erasePlans(_ transaction: WriteTransaction) throws -> Int {
    let plans = try connection.all("SELECT digest, document FROM plans") { ($0.text(0), $0.bytes(1)) }
    var changed = 0
    for (digest, sealed) in plans {
      let place = PayloadPlace(owner: digest, kind: .plan)
      let bytes = try reader.payloads.open(sealed, place)
      guard holds(bytes), let erased = work(try Payloads.parse(bytes, place)) else { continue }
      try connection.run(
        "UPDATE plans SET document = ? WHERE digest = ?", try reader.payloads.seal(erased, place), .text(digest))
      changed += 1
    }
    return changed
  }
}
