import Foundation
import Redaction
import Synchronization

@testable import Vault

/// A folder of its own with a vault in it.
final class Room: Sendable {
  let folder: URL
  let key = SecretBytes(unregistered: [UInt8](repeating: 7, count: 32))
  let marks = MarksInMemory()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try key.withBytes { try Data($0).write(to: folder.appending(path: "key")) }
    chmod(file("key"), 0o600)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String) -> String { folder.appending(path: name).path }

  var path: String { file("vault") }

  /// Opened by the key file, at a clock that goes on by a second at each look.
  func settings(_ source: (any KeySource)? = nil) -> VaultSettings {
    let clock = Mutex<Int64>(1_764_000_000_000)
    var settings = VaultSettings(source: source ?? KeyFiles([KeyFile(file("key"))]), who: "tester@here") {
      clock.withLock { instant in
        instant += 1000
        return instant
      }
    }
    settings.marks = marks
    return settings
  }

  func create() throws -> Vault { try Vault.create(at: path, lockedBy: .keyFile(key), settings()) }

  func open() throws -> Vault { try Vault.open(at: path, settings()) }

  func read(_ name: String = "vault") throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

  func write(_ bytes: [UInt8], to name: String = "vault") throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
    chmod(file(name), 0o600)
  }
}

/// Marks as a store keeps them.
final class MarksInMemory: VaultMarks {
  let marks = Mutex<[VaultID: VaultMark]>([:])

  func mark(of vault: VaultID) -> VaultMark? { marks.withLock { $0[vault] } }

  func raise(_ mark: VaultMark, of vault: VaultID) {
    marks.withLock { marks in
      let known = marks[vault] ?? mark
      marks[vault] = VaultMark(
        counter: max(known.counter, mark.counter), auditSequence: max(known.auditSequence, mark.auditSequence))
    }
  }
}

extension SecretBytes {
  /// The bytes as text; for tests only.
  var shown: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  convenience init(_ text: String) { self.init(unregistered: text.utf8) }
}

extension Vault {
  /// A profile with a secret.
  func add(_ name: String, secret: String = "t1de-5kz2qx-m00n") throws {
    try change(AuditEntry(.addProfile, profile: name)) { contents throws(VaultError) in
      var sheet = ProfileSheet(baseURL: "https://api.pandapon.com", accessKey: "58c0201dfdf148eca63cbf6bb5e7cf03")
      sheet.userID = "2100007341207"
      sheet.allow = ["inferred"]
      sheet.quota = 5
      try contents.addProfile(name, sheet, secret: SecretBytes(secret))
    }
  }

  func secret(_ name: String, _ stage: SecretStage = .current) throws -> String? {
    try read { contents throws(VaultError) in try contents.secret(of: name, stage)?.secret.shown }
  }
}

/// The label of the error that something ends with; nil where it ends well.
func label(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? VaultError)?.label ?? "\(error)"
  }
}

/// Bytes of hex with spaces and lines in it.
func hexBytes(_ text: String) -> [UInt8] { unhex(text.filter { !$0.isWhitespace }.lowercased()) ?? [] }
