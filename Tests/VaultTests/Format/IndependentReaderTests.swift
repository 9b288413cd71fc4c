import Foundation
import JSON
import Redaction
import Testing

@testable import Vault

/// The document of the format is enough: a reader in Python that was written from it opens what the program writes.
@Suite struct IndependentReaderTests {
  private static let reader = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "independent/reader.py").path

  private func read(_ room: Room, _ kind: String, _ file: String) throws -> JSON {
    let process = Process()
    // Debian's own: the one that python3-cryptography belongs to.
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [Self.reader, room.path, kind, room.file(file)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "make setup installs python3-cryptography")
    return try JSON(parsing: text)
  }

  /// All that the program itself reads from a vault, in the reader's form.
  private func records(_ vault: Vault) throws -> JSON {
    try vault.read { contents throws(VaultError) in
      var records: [JSON] = []
      for record in contents.records {
        let place = record.place
        let value = try contents.open(record).withBytes { Data($0).base64EncodedString() }
        records.append([
          "profile": .string(place.profile), "field": .string(place.field), "version": .integer(Int64(place.version)),
          "stage": .integer(Int64(place.stage.rawValue)), "kind": .integer(Int64(place.kind.rawValue)),
          "value": .string(value),
        ])
      }
      return .array(records)
    }
  }

  @Test func opensWhatTheProgramWrote() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1", secret: "t1de-\u{6f6e}\u{6c50}-5kz2qx")
    try vault.add("shop-2")
    try vault.change(AuditEntry(.setPending, profile: "shop1")) { contents throws(VaultError) in
      try contents.setCurrent(SecretBytes("another"), of: "shop1")
      try contents.setPending(SecretBytes("the next"), of: "shop1")
      try contents.addChannel(
        "ops", ChannelSheet(kind: "dingtalk", address: SecretBytes("https://example.com/?t=1"), secret: nil))
    }
    try vault.recordUse(of: "shop1")
    // An opening in vain, and what takes its line into the chain.
    try room.write([UInt8](repeating: 8, count: 32), to: "wrong")
    #expect(
      label { _ = try Vault.open(at: room.path, room.settings(KeyFiles([KeyFile(room.file("wrong"))]))) } == "wrong_key"
    )
    _ = try room.open()
    let before = try read(room, "key", "key")
    #expect(try before["records"] == records(vault))
    let names = before["records"]?.array?.map { "\($0["profile"]?.string ?? "")/\($0["field"]?.string ?? "")" }
    #expect(
      names?.sorted() == [
        "/store_key", "channel:ops/address", "channel:ops/settings", "shop-2/access_secret", "shop-2/settings",
        "shop1/access_secret", "shop1/access_secret", "shop1/access_secret", "shop1/settings",
      ])
    #expect(before["counter"] == 4 && before["id"]?.string == "\(vault.id)")
    #expect(before["trail"] == 6)

    try vault.rotate()
    try vault.recordUse(of: "shop-2")
    let after = try read(room, "key", "key")
    #expect(try after["records"] == records(vault))
    #expect(after["records"]?.array?.count == 11, "an audit key and a store key more")
    #expect(after["trail"] == 8)
    #expect(try read(room, "key", "wrong") == ["refused": "wrong_key"])
  }

  @Test func opensByPassphrase() throws {
    let room = try Room()
    let passphrase = SecretBytes("four words nobody guesses")
    try room.write(Array("four words nobody guesses\n".utf8), to: "passphrase")
    let file = PassphraseFile(room.file("passphrase"))
    let settings = room.settings(Passphrase { () throws(VaultError) in try file.read() })
    let vault = try Vault.create(
      at: room.path, lockedBy: .passphrase(passphrase, ScryptParameters(logN: 4, r: 8, p: 2)), settings)
    try vault.add("shop1")
    #expect(try Vault.open(at: room.path, settings).secret("shop1") == "t1de-5kz2qx-m00n")
    #expect(try read(room, "passphrase", "passphrase")["records"] == records(vault))
  }
}
