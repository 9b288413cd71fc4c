import Foundation
import Redaction
import Testing

@testable import Vault

@Suite struct VaultTests {
  @Test func keepsWhatItIsGiven() throws {
    let room = try Room()
    try room.create().add("shop1")
    let vault = try room.open()
    #expect(try vault.secret("shop1") == "t1de-5kz2qx-m00n")
    let sheet = try vault.read { contents throws(VaultError) in try contents.profile("shop1") }
    #expect(sheet.userID == "2100007341207" && sheet.allow == ["inferred"] && sheet.quota == 5)
    #expect(vault.counter == 2)
    let outline = try VaultOutline(path: room.path)
    #expect(outline.profiles == ["shop1"] && outline.counter == 2 && outline.id == vault.id)
    #expect(outline.derivation == .keyFile)
  }

  @Test func holdsNothingInTheClear() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    try vault.add("shop2", secret: "n0ther-9fk3")
    try vault.change(AuditEntry(.addChannel, profile: "channel:ops")) { contents throws(VaultError) in
      try contents.addChannel(
        "ops", ChannelSheet(kind: "slack", address: SecretBytes("https://hooks.example.com/T1"), secret: nil))
    }
    for name in ["vault", "vault.previous", "vault.audit"] {
      let text = String(decoding: try room.read(name), as: UTF8.self)
      for hidden in ["t1de-5kz2qx-m00n", "n0ther-9fk3", "hooks.example.com", "58c0201d", "2100007341207"] {
        #expect(!text.contains(hidden), "\(hidden) in \(name)")
      }
    }
  }

  @Test func thereIsOneOnly() throws {
    let room = try Room()
    #expect(label { _ = try room.open() } == "absent")
    #expect(label { _ = try VaultOutline(path: room.path) } == "absent")
    _ = try room.create()
    #expect(label { _ = try room.create() } == "exists")
  }

  // MARK: Files

  @Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o666])
  func refusesFilesThatAreOpenToOthers(_ mode: Int) throws {
    let room = try Room()
    _ = try room.create()
    for (name, what) in [("vault", "the vault"), ("key", "the key file")] {
      chmod(room.file(name), mode_t(mode))
      let error = #expect(throws: VaultError.self) { try room.open() }
      #expect(error?.label == "unprotected")
      #expect(error?.hint == "chmod 600 \(room.file(name))")
      #expect(error?.description.hasPrefix(what) == true)
      chmod(room.file(name), 0o600)
    }
    chmod(room.folder.path, mode_t(mode | 0o100))
    let error = #expect(throws: VaultError.self) { try room.open() }
    #expect(error?.hint == "chmod 700 \(room.folder.path)")
    chmod(room.folder.path, 0o700)
    _ = try room.open()
  }

  @Test func makesFilesForTheirOwnerAlone() throws {
    let room = try Room()
    let path = room.file("deep/er/vault")
    let vault = try Vault.create(at: path, lockedBy: .keyFile(room.key), room.settings())
    try vault.add("shop1")
    try vault.recordUse(of: "shop1")
    for name in ["vault", "vault.previous", "vault.lock", "vault.audit"] {
      var information = stat()
      #expect(stat(room.file("deep/er/" + name), &information) == 0)
      #expect(information.st_mode & 0o777 == 0o600, "\(name)")
    }
    var information = stat()
    #expect(stat(room.file("deep"), &information) == 0 && information.st_mode & 0o777 == 0o700)
  }

  @Test func keepsTheVersionBefore() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let old = try room.read()
    try vault.add("shop2")
    #expect(try room.read("vault.previous") == old)
  }

  // MARK: Keys

  @Test func anotherKeyIsAWrongKey() throws {
    let room = try Room()
    try room.create().add("shop1")
    try room.write([UInt8](repeating: 8, count: 32), to: "other")
    let other = KeyFile(room.file("other"))
    #expect(label { _ = try Vault.open(at: room.path, room.settings(KeyFiles([other]))) } == "wrong_key")
    // Each is tried: the right one may come second.
    let both = KeyFiles([KeyFile(room.file("none")), other, KeyFile(room.file("key"))])
    #expect(try Vault.open(at: room.path, room.settings(both)).secret("shop1") != nil)
  }

  @Test func saysWhatIsMissing() throws {
    let room = try Room()
    _ = try room.create()
    func open(_ source: some KeySource) -> String? {
      label { _ = try Vault.open(at: room.path, room.settings(source)) }
    }
    #expect(open(KeyFiles([])) == "no_key")
    #expect(open(KeyFiles([KeyFile(room.file("none"))])) == "no_key")
    #expect(open(Passphrase { () throws(VaultError) in SecretBytes("a passphrase") }) == "no_key")
    for bytes in [[], [UInt8](repeating: 1, count: 31), [UInt8](repeating: 1, count: 33)] {
      try room.write(bytes, to: "short")
      #expect(open(KeyFiles([KeyFile(room.file("short"))])) == "key_unusable")
    }
    #expect(label { _ = try KeyFile(room.file("key")).make() } == "taken")
    #expect(label { _ = try VaultLocking.passphrase(SecretBytes("seven77")) } == "key_unusable")
    #expect(label { _ = try VaultLocking.keyFile(SecretBytes("short")) } == "key_unusable")
    #expect(label { _ = try PassphraseFile(room.file("none")).read() } == "no_key")
  }

  @Test(arguments: ["four words", "four words\n", "four words\r\n"])
  func aPassphraseFileIsOneLine(_ text: String) throws {
    let room = try Room()
    try room.write(Array(text.utf8), to: "passphrase")
    #expect(try PassphraseFile(room.file("passphrase")).read().shown == "four words")
    chmod(room.file("passphrase"), 0o644)
    #expect(label { _ = try PassphraseFile(room.file("passphrase")).read() } == "unprotected")
    // A container's secrets are often readable to all in it; systemd's belong to root.
    #expect(try PassphraseFile(room.file("passphrase"), isGiven: true).read().shown == "four words")
  }

  @Test func rekeyLeavesTheRecordsAsTheyAre() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let before = try VaultDocument(try room.read())
    let cheap = ScryptParameters(logN: 4, r: 8, p: 1)
    try vault.rekey(.passphrase(SecretBytes("four words nobody"), cheap))
    let after = try VaultDocument(try room.read())
    #expect(after.records == before.records && after.header != before.header && after.counter == before.counter + 1)
    #expect(label { _ = try room.open() } == "no_key", "the key file is of no use any more")
    #expect(!FileManager.default.fileExists(atPath: room.file("vault.previous")), "the old key opens it")
    let passphrase = Passphrase { () throws(VaultError) in SecretBytes("four words nobody") }
    #expect(try Vault.open(at: room.path, room.settings(passphrase)).secret("shop1") == "t1de-5kz2qx-m00n")
    let wrong = Passphrase { () throws(VaultError) in SecretBytes("four words nobodx") }
    #expect(label { _ = try Vault.open(at: room.path, room.settings(wrong)) } == "wrong_key")
    // The one that was open goes on, and locks it back.
    try vault.add("shop2")
    try vault.rekey(.keyFile(room.key))
    #expect(try room.open().secret("shop2") != nil)
  }

  @Test func rotateSealsEverythingAnew() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let sealed = try vault.read { contents throws(VaultError) in
      try contents.payloadSealer().seal([1, 2, 3], associatedData: [])
    }
    let fingerprint = try vault.read { contents throws(VaultError) in try contents.fingerprint(of: "shop1") }
    let before = try VaultDocument(try room.read())
    try vault.rotate()
    let after = try VaultDocument(try room.read())
    #expect(Set(before.records.map(\.sealed)).isDisjoint(with: after.records.map(\.sealed)))
    #expect(!FileManager.default.fileExists(atPath: room.file("vault.previous")))
    for opened in [vault, try room.open()] {
      #expect(try opened.secret("shop1") == "t1de-5kz2qx-m00n")
      let sealer = try opened.read { contents throws(VaultError) in try contents.payloadSealer() }
      #expect(try sealer.open(sealed, associatedData: []) == [1, 2, 3])
      #expect(try sealer.seal([], associatedData: [])[2] == 2, "the new store key seals")
      #expect(try opened.read { contents throws(VaultError) in try contents.fingerprint(of: "shop1") } != fingerprint)
    }
    // The old data key is worth nothing: what it seals does not get in.
    let old = try #require(before.header.unwrap(under: room.key.key))
    #expect(label { try after.authenticate(try room.read(), old) } == "tampered")
    #expect(try room.open().verify().isSound)
  }

  // MARK: Rolled back

  @Test func anOlderFileIsRolledBack() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let old = try room.read()
    try vault.add("shop2")
    try room.write(old)
    let error = #expect(throws: VaultError.self) { try room.open() }
    #expect(error?.label == "rolled_back")
    #expect(error?.description.contains("it is at change 2, the store has seen 3") == true)
    #expect(label { _ = try vault.secret("shop1") } == "rolled_back", "one that was open sees it, too")

    let opened = try Vault.open(at: room.path, room.settings(), acceptingRollback: true)
    #expect(try opened.acceptRollback(why: "a backup"))
    #expect(try !opened.acceptRollback(why: "a backup"))
    let vault2 = try room.open()
    #expect(vault2.counter == 4)
    #expect(try vault2.secret("shop1") != nil)
    #expect(label { _ = try vault2.secret("shop2") } == "unknown")
    #expect(try vault2.verify().isSound)
  }

  @Test func withoutMarksAnOlderFileOpens() throws {
    let room = try Room()
    let vault = try room.create()
    let old = try room.read()
    try vault.add("shop1")
    try room.write(old)
    var settings = room.settings()
    settings.marks = NoMarks()
    #expect(try Vault.open(at: room.path, settings).counter == 1)
  }

  // MARK: Several processes

  @Test func seesWhatAnotherProcessWrote() throws {
    let room = try Room()
    let first = try room.create()
    try first.add("shop1")
    let second = try room.open()
    try second.change(AuditEntry(.setCurrent, profile: "shop1")) { contents throws(VaultError) in
      try contents.setCurrent(SecretBytes("the next one"), of: "shop1")
    }
    #expect(try first.secret("shop1") == "the next one")
    // Also where it locked it by something else in between: the source is asked again.
    try second.rotate()
    #expect(try first.secret("shop1") == "the next one")
    try first.add("shop2")
    #expect(try second.secret("shop2") != nil)
    #expect(try second.verify().isSound)
  }

  @Test func noChangeIsLost() async throws {
    let room = try Room()
    _ = try room.create()
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for number in 0..<5 {
            do { try room.open().add("shop-\(worker)-\(number)") } catch { Issue.record(error) }
          }
        }
      }
    }
    let vault = try room.open()
    #expect(try vault.read { contents throws(VaultError) in contents.profileNames.count } == 20)
    #expect(vault.counter == 21)
    #expect(try vault.verify().isSound)
  }

  @Test func aChangeThatFailsChangesNothing() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let before = try room.read()
    #expect(label { try vault.add("shop1") } == "taken")
    #expect(label { try vault.add("shop 1") } == "refused")
    #expect(try room.read() == before)
  }
}
