import Crypto
import Redaction
import Synchronization

/// A vault that is open: secrets at rest in one file of their own (docs/vault-format.md).
///
/// Any number of processes may have it open at a time; each reads anew what another one wrote, and one at a time writes.
/// Files are for their owner alone (0600 in a folder of 0700), which is checked at each opening.
public final class Vault: Sendable {
  /// Where it is.
  public let path: String
  private let settings: VaultSettings
  private let file: VaultFile
  private let trail: AuditTrail
  private let state: Mutex<State>

  private struct State: Sendable {
    var document: VaultDocument
    var contents: VaultContents
    /// The key-encryption key that opened it.
    var key: SymmetricKey
    var stamp: VaultFile.Stamp?
    /// The profiles whose use is in the trail.
    var used: Set<String> = []
  }

  private init(path: String, settings: VaultSettings, state: State) {
    self.path = path
    self.settings = settings
    file = Self.file(path, settings)
    trail = Self.trail(path, settings)
    self.state = Mutex(state)
  }

  private static func file(_ path: String, _ settings: VaultSettings) -> VaultFile {
    VaultFile(path: path, reached: settings.reached)
  }

  private static func trail(_ path: String, _ settings: VaultSettings) -> AuditTrail {
    AuditTrail(path: path + ".audit", mostBytes: settings.mostTrailBytes)
  }

  // MARK: Making and opening

  /// Makes a vault, with a store key and nothing else in it; its folder too, for its owner alone, where there is none.
  ///
  /// - Throws: ``VaultError`` `exists` where there is one.
  public static func create(
    at path: String, lockedBy locking: VaultLocking, _ settings: VaultSettings
  ) throws(VaultError) -> Vault {
    try FileModes.makeFolder(of: path)
    try FileModes.check(folderOf: path)
    let lock = try VaultLock(ofVault: path)
    guard try !FileModes.exists(path) else { throw .exists(path) }
    let id = VaultID(bytes: settings.entropy.bytes(VaultID.length))
    let dataKey = DataKey(random: settings.entropy, of: id)
    var contents = VaultContents(id: id, key: dataKey, entropy: settings.entropy)
    try contents.addStoreKey()
    let header = try VaultHeader(
      id: id, derivation: locking.derivation, wrapping: dataKey, under: locking.key, settings.entropy)
    let document = VaultDocument(header: header, counter: 0, head: .none, records: [])
    let vault = Vault(
      path: path, settings: settings, state: State(document: document, contents: contents, key: locking.key))
    try vault.state.withLock { state throws(VaultError) in
      try vault.write(contents, header, AuditEntry(.create), &state)
    }
    extend(lock)
    return vault
  }

  /// Opens the vault at that path.
  ///
  /// - Parameter acceptingRollback: whether an older file than the marks know is opened, to be accepted.
  /// - Throws: ``VaultError``: `absent`; `unprotected` where files are open to others; `damaged`, `wrongKey`, `tampered` or
  ///   `rolledBack`, which are recorded in the trail; what the key source throws.
  public static func open(
    at path: String, _ settings: VaultSettings, acceptingRollback: Bool = false
  ) throws(VaultError) -> Vault {
    let file = file(path, settings)
    do throws(VaultError) {
      let stamp = file.stamp
      let (document, contents, key) = try read(file, settings, knownKey: nil, acceptingRollback: acceptingRollback)
      let vault = Vault(
        path: path, settings: settings,
        state: State(document: document, contents: contents, key: key, stamp: stamp))
      vault.settle()
      return vault
    } catch {
      if [.damaged, .wrongKey, .tampered, .rolledBack].contains(error.code) {
        recordInVain(error, path, settings)
      }
      throw error
    }
  }

  private static func read(
    _ file: VaultFile, _ settings: VaultSettings, knownKey: SymmetricKey?, acceptingRollback: Bool
  ) throws(VaultError) -> (VaultDocument, VaultContents, SymmetricKey) {
    let bytes = try file.read()
    let document = try VaultDocument(bytes)
    var opened: (DataKey, SymmetricKey)?
    if let knownKey, let dataKey = document.header.unwrap(under: knownKey) { opened = (dataKey, knownKey) }
    if opened == nil {
      let keys = try settings.source.keys(for: document.header.id, document.header.derivation)
      for key in keys where opened == nil {
        if let dataKey = document.header.unwrap(under: key) { opened = (dataKey, key) }
      }
    }
    guard let (dataKey, key) = opened else {
      throw .wrongKey("it is locked by another \(document.header.derivation.name)")
    }
    try document.authenticate(bytes, dataKey)
    if !acceptingRollback, let mark = settings.marks.mark(of: document.header.id), mark.counter > document.counter {
      throw .rolledBack(found: document.counter, known: mark.counter)
    }
    let contents = VaultContents(
      id: document.header.id, key: dataKey, records: document.records, entropy: settings.entropy)
    return (document, contents, key)
  }

  /// An opening in vain has no key to chain its line by: the next one that succeeds takes it in.
  private static func recordInVain(_ error: VaultError, _ path: String, _ settings: VaultSettings) {
    let entry = AuditEntry(.open, field: error.place, outcome: error.label)
    do throws(VaultError) {
      let lock = try VaultLock(ofVault: path)
      try trail(path, settings).append(unkeyed: entry, at: settings.now(), who: redact(settings.who))
      extend(lock)
    } catch {
      // The vault is not opened, which is what matters; where its folder may not be written there is no trail either.
    }
  }

  /// Takes lines of openings in vain into the chain, and keeps how far the vault has come.
  private func settle() {
    state.withLock { state in
      var mark = VaultMark(counter: state.document.counter, auditSequence: state.document.head.sequence)
      if (try? trail.hasLooseEnd()) == true, let lock = try? VaultLock(ofVault: path) {
        if let head = try? trail.append(nil, pen(state.contents), known: known(state.document)) {
          mark.auditSequence = head.sequence
        }
        extend(lock)
      }
      settings.marks.raise(mark, of: state.contents.id)
    }
  }

  // MARK: Using

  /// The vault's name.
  public var id: VaultID { state.withLock { $0.contents.id } }

  /// What it is locked by.
  public var derivation: KeyDerivation { state.withLock { $0.document.header.derivation } }

  /// How often it was written when it was last read.
  public var counter: UInt64 { state.withLock { $0.document.counter } }

  /// How often it was written, by whatever process: as long as it is the same, so is all that is in the vault.
  public func revision() throws(VaultError) -> UInt64 {
    try state.withLock { state throws(VaultError) in
      try refresh(&state)
      return state.document.counter
    }
  }

  /// Reads what is in the vault now, also where another process wrote it since.
  public func read<Value: Sendable>(
    _ body: @Sendable (VaultContents) throws(VaultError) -> Value
  ) throws(VaultError) -> Value {
    let contents = try state.withLock { state throws(VaultError) in
      try refresh(&state)
      return state.contents
    }
    return try body(contents)
  }

  /// Changes what is in the vault: on the disk, as a whole, when it returns; where `body` throws, nothing changes.
  ///
  /// The entry is in the trail before the change is on the disk: after a crash it may tell of one that was not made.
  public func change<Value: Sendable>(
    _ entry: AuditEntry, _ body: @Sendable (inout VaultContents) throws(VaultError) -> Value
  ) throws(VaultError) -> Value {
    try state.withLock { state throws(VaultError) in
      let lock = try VaultLock(ofVault: path)
      try refresh(&state)
      var contents = state.contents
      let value = try body(&contents)
      try write(contents, state.document.header, entry, &state)
      extend(lock)
      return value
    }
  }

  /// Records that a profile's secrets are used, once for this process.
  ///
  /// - Throws: ``VaultError`` where it cannot be recorded: then nothing is to be used.
  public func recordUse(of profile: String) throws(VaultError) {
    try state.withLock { state throws(VaultError) in
      guard !state.used.contains(profile) else { return }
      let lock = try VaultLock(ofVault: path)
      try refresh(&state)
      let head = try trail.append(
        AuditEntry(.use, profile: profile), pen(state.contents), known: known(state.document))
      state.used.insert(profile)
      settings.marks.raise(
        VaultMark(counter: state.document.counter, auditSequence: head.sequence), of: state.contents.id)
      extend(lock)
    }
  }

  // MARK: Keys

  /// Locks the vault by something else. The data key stays, and so do the records, byte for byte. The version before, which
  /// the old key opens, is not kept.
  public func rekey(_ locking: VaultLocking) throws(VaultError) {
    try state.withLock { state throws(VaultError) in
      let lock = try VaultLock(ofVault: path)
      try refresh(&state)
      let header = try VaultHeader(
        id: state.contents.id, derivation: locking.derivation, wrapping: state.contents.key, under: locking.key,
        settings.entropy)
      try write(state.contents, header, AuditEntry(.rekey, field: locking.derivation.name), &state)
      state.key = locking.key
      try file.dropPrevious()
      extend(lock)
    }
  }

  /// Makes a new data key and seals every record anew under it; makes a new store key too, which seals from now on.
  ///
  /// One write replaces the file: where it is cut off, the old file is whole and the rotation is simply done again. The
  /// version before, which the old data key opens, is not kept.
  public func rotate() throws(VaultError) {
    try state.withLock { state throws(VaultError) in
      let lock = try VaultLock(ofVault: path)
      try refresh(&state)
      // The trail's last line under the old key says what comes.
      let (pen, known) = (pen(state.contents), known(state.document))
      var contents = state.contents
      try contents.retireAuditKey()
      try contents.addStoreKey()
      let fresh = DataKey(random: settings.entropy, of: contents.id)
      try contents.reseal(under: fresh)
      let header = try VaultHeader(
        id: contents.id, derivation: state.document.header.derivation, wrapping: fresh, under: state.key,
        settings.entropy)
      let head = try trail.append(AuditEntry(.rotate), pen, known: known)
      try replace(contents, header, head, counter: state.document.counter + 1, &state)
      try file.dropPrevious()
      extend(lock)
    }
  }

  /// Accepts a file that is older than the marks know: it counts on from there.
  ///
  /// - Parameter why: in a person's words, for the trail.
  /// - Returns: whether it was older.
  public func acceptRollback(why: String) throws(VaultError) -> Bool {
    try state.withLock { state throws(VaultError) in
      let lock = try VaultLock(ofVault: path)
      guard let mark = settings.marks.mark(of: state.contents.id), mark.counter > state.document.counter else {
        return false
      }
      let head = try trail.append(
        AuditEntry(.acceptRollback, field: redact(why)), pen(state.contents), known: known(state.document))
      try replace(state.contents, state.document.header, head, counter: mark.counter + 1, &state)
      extend(lock)
      return true
    }
  }

  // MARK: Checking

  /// Opens every record and holds the trail against its chain.
  public func verify() throws(VaultError) -> VaultVerification {
    try state.withLock { state throws(VaultError) in
      let lock = try VaultLock(ofVault: path)
      try refresh(&state)
      var findings: [String] = []
      for record in state.contents.records {
        do throws(VaultError) {
          _ = try state.contents.open(record)
        } catch {
          findings.append(error.description)
        }
      }
      let verification = AuditVerification(
        keys: try state.contents.auditKeys(), head: state.document.head, known: known(state.document))
      let result = verification.verify(
        older: try trail.bytes(of: trail.older), present: try trail.bytes(of: trail.path))
      extend(lock)
      return VaultVerification(
        records: state.contents.records.count, lines: result.lines, recordFindings: findings,
        trailFindings: result.findings)
    }
  }

  // MARK: Reading and writing

  private func refresh(_ state: inout State) throws(VaultError) {
    let stamp = file.stamp
    guard stamp == nil || stamp != state.stamp else { return }
    (state.document, state.contents, state.key) = try Self.read(
      file, settings, knownKey: state.key, acceptingRollback: false)
    state.stamp = stamp
  }

  private func write(
    _ contents: VaultContents, _ header: VaultHeader, _ entry: AuditEntry, _ state: inout State
  ) throws(VaultError) {
    let pen = pen(contents)
    let head = try trail.append(entry, pen, known: known(state.document))
    do throws(VaultError) {
      try replace(contents, header, head, counter: state.document.counter + 1, &state)
    } catch {
      var failed = entry
      failed.outcome = error.label
      _ = try? trail.append(failed, pen, known: head.sequence)
      throw error
    }
  }

  private func replace(
    _ contents: VaultContents, _ header: VaultHeader, _ head: AuditHead, counter: UInt64, _ state: inout State
  ) throws(VaultError) {
    let document = VaultDocument(header: header, counter: counter, head: head, records: contents.records)
    try file.replace(by: document.bytes(contents.key))
    state.document = document
    state.contents = contents
    state.stamp = file.stamp
    settings.marks.raise(VaultMark(counter: counter, auditSequence: head.sequence), of: contents.id)
  }

  private func pen(_ contents: VaultContents) -> AuditTrail.Pen {
    AuditTrail.Pen(
      key: contents.key.audit, generation: contents.auditGeneration, who: settings.who, now: settings.now)
  }

  /// The number that the trail is known to have reached.
  private func known(_ document: VaultDocument) -> UInt64 {
    max(document.head.sequence, settings.marks.mark(of: document.header.id)?.auditSequence ?? 0)
  }
}

/// What a check of a vault found.
public struct VaultVerification: Sendable {
  /// How many records were opened.
  public let records: Int
  /// The lines of the trail, the oldest first.
  public let lines: [AuditLine]
  /// Records that do not open.
  public let recordFindings: [String]
  /// What is wrong with the trail.
  public let trailFindings: [String]

  /// Whether all is as it was written.
  public var isSound: Bool { recordFindings.isEmpty && trailFindings.isEmpty }
}

/// Holds a lock up to here.
private func extend(_ lock: borrowing VaultLock) {}
