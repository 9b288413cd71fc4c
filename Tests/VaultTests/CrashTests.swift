import Foundation
import Redaction
import Testing

@testable import Vault

/// A process that dies at any step of a write: the old or the new content opens, and the next write goes through.
@Suite struct CrashTests {
  @Test(arguments: VaultFile.Step.allCases, ["change", "rekey", "rotate"])
  func oldOrNewOpens(_ step: VaultFile.Step, _ what: String) throws {
    let room = try Room()
    try room.create().add("shop1", secret: "old secret")
    try room.write([UInt8](repeating: 9, count: 32), to: "second")
    var settings = room.settings(KeyFiles([KeyFile(room.file("key")), KeyFile(room.file("second"))]))
    let sound = settings
    settings.reached = { reached throws(VaultError) in
      // Nothing is tidied up behind it: the files are as a process leaves them that is killed here.
      if reached == step { throw .unavailable("killed") }
    }
    let vault = try Vault.open(at: room.path, settings)
    #expect(
      label {
        switch what {
        case "rekey": try vault.rekey(.keyFile(SecretBytes(unregistered: [UInt8](repeating: 9, count: 32))))
        case "rotate": try vault.rotate()
        default:
          try vault.change(AuditEntry(.setCurrent, profile: "shop1")) { contents throws(VaultError) in
            try contents.setCurrent(SecretBytes("new secret"), of: "shop1")
          }
        }
      } == "unavailable")
    let isNew = step == .replaced || step == .finished
    let opened = try Vault.open(at: room.path, sound)
    #expect(try opened.secret("shop1") == (isNew && what == "change" ? "new secret" : "old secret"))
    #expect(opened.counter == (isNew ? 3 : 2))
    // It goes on, and an interrupted rotation is simply done again.
    try opened.rotate()
    try opened.add("shop2")
    #expect(try Vault.open(at: room.path, sound).secret("shop2") != nil)
    let verification = try opened.verify()
    #expect(verification.isSound, "\(verification.trailFindings)")
  }

  @Test func aDiskThatIsFullChangesNothing() throws {
    let room = try Room()
    try room.create().add("shop1")
    let before = try room.read()
    // A folder in the place of the file that a write begins as.
    try FileManager.default.createDirectory(atPath: room.file("vault.new"), withIntermediateDirectories: false)
    let vault = try room.open()
    #expect(label { try vault.add("shop2") } == "unavailable")
    #expect(try room.read() == before)
    let lines = try vault.verify().lines.suffix(2)
    #expect(lines.map(\.outcome) == ["done", "unavailable"], "the trail says that the change was not made")
  }
}
