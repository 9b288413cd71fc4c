import Foundation
import JSON
import Redaction
import Synchronization
import Testing

@testable import Vault

@Suite struct AuditTrailTests {
  /// A vault with some history: four changes and two uses.
  private func history(_ room: Room) throws -> Vault {
    let vault = try room.create()
    try vault.add("shop1")
    try vault.add("shop2")
    try vault.recordUse(of: "shop1")
    try vault.recordUse(of: "shop1")
    try vault.recordUse(of: "shop2")
    try vault.change(AuditEntry(.removeProfile, profile: "shop2")) { contents throws(VaultError) in
      try contents.removeProfile("shop2")
    }
    return vault
  }

  private func lines(_ room: Room) throws -> [[UInt8]] {
    try room.read("vault.audit").split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  private func write(_ lines: [[UInt8]], _ room: Room) throws {
    try room.write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: "vault.audit")
  }

  @Test func saysWhoDidWhatWhen() throws {
    let room = try Room()
    let verification = try history(room).verify()
    #expect(verification.isSound && verification.records == 3)
    #expect(
      verification.lines.map(\.action) == ["create", "add_profile", "add_profile", "use", "use", "remove_profile"])
    #expect(verification.lines.map(\.profile) == [nil, "shop1", "shop2", "shop1", "shop2", "shop2"])
    #expect(verification.lines.map(\.sequence) == [1, 2, 3, 4, 5, 6])
    #expect(verification.lines.allSatisfy { $0.who == "tester@here" && $0.outcome == "done" })
    #expect(zip(verification.lines, verification.lines.dropFirst()).allSatisfy { $0.at < $1.at })
  }

  /// Every line, taken away or changed in any of its parts: it shows.
  @Test(arguments: 0..<6)
  func noLineGoesOrChangesUnseen(_ index: Int) throws {
    let room = try Room()
    let vault = try history(room)
    let whole = try lines(room)
    var less = whole
    less.remove(at: index)
    try write(less, room)
    #expect(try !vault.verify().trailFindings.isEmpty, "line \(index + 1) taken away")
    for (text, other) in [
      ("tester", "taster"), ("\"done\"", "\"gone\""), ("00,", "01,"), ("\"mac\":\"", "\"mac\": \""),
    ] {
      let line = String(decoding: whole[index], as: UTF8.self)
      guard let range = line.range(of: text) else {
        Issue.record("no \(text) in \(line)")
        continue
      }
      var changed = whole
      changed[index] = Array(line.replacingCharacters(in: range, with: other).utf8)
      try write(changed, room)
      #expect(try !vault.verify().trailFindings.isEmpty, "line \(index + 1): \(text)")
    }
    var turned = whole
    turned.swapAt(index, (index + 1) % 6)
    try write(turned, room)
    #expect(try !vault.verify().trailFindings.isEmpty, "line \(index + 1) in another place")
    var double = whole
    double.insert(whole[index], at: index)
    try write(double, room)
    #expect(try !vault.verify().trailFindings.isEmpty, "line \(index + 1) twice")
    try write(whole, room)
    #expect(try vault.verify().isSound)
  }

  @Test func aTrailThatIsCutOffShows() throws {
    let room = try Room()
    let vault = try history(room)
    let whole = try lines(room)
    for count in 0..<whole.count {
      try write(Array(whole.prefix(count)), room)
      let findings = try vault.verify().trailFindings
      #expect(findings.contains("lines \(count + 1) to 6 are missing at the end of the trail"), "\(findings)")
    }
    // And it stays so: what is written later does not close the gap.
    try write(Array(whole.prefix(4)), room)
    try vault.add("shop3")
    #expect(try vault.verify().trailFindings == ["lines 5 to 6 are missing"])
  }

  /// Uses since the last write of the vault are held by what the store has seen.
  @Test func usesAreCutOffVisibly() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let before = try lines(room)
    try vault.recordUse(of: "shop1")
    try write(before, room)
    #expect(try room.open().verify().trailFindings == ["lines 3 to 3 are missing at the end of the trail"])
  }

  // MARK: Openings in vain

  @Test func openingsInVainAreTakenIntoTheChain() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let whole = try room.read()
    try room.write([UInt8](repeating: 8, count: 32), to: "wrong")
    let wrong = room.settings(KeyFiles([KeyFile(room.file("wrong"))]))
    #expect(label { _ = try Vault.open(at: room.path, wrong) } == "wrong_key")
    var damaged = whole
    damaged[200] ^= 1
    try room.write(damaged)
    #expect(label { _ = try room.open() } == "damaged")
    try room.write(FlippedByteTests.repaired(damaged))
    #expect(label { _ = try room.open() } == "tampered")
    try room.write(whole)
    let opened = try room.open()
    let verification = try opened.verify()
    #expect(verification.isSound, "\(verification.trailFindings)")
    #expect(verification.lines.map(\.action) == ["create", "add_profile", "open", "open", "open", "absorb"])
    #expect(verification.lines.map(\.outcome) == ["done", "done", "wrong_key", "damaged", "tampered", "done"])
    // From now on they are part of it.
    let lines = try lines(room)
    for index in 2...4 {
      var less = lines
      less.remove(at: index)
      try write(less, room)
      #expect(try !opened.verify().trailFindings.isEmpty)
      var changed = lines
      changed[index] = Array(String(decoding: lines[index], as: UTF8.self).replacing("tester", with: "someone").utf8)
      try write(changed, room)
      #expect(try !opened.verify().trailFindings.isEmpty)
    }
    try write(lines, room)
    try opened.recordUse(of: "shop1")
    #expect(try opened.verify().isSound)
  }

  @Test func aLineThatACrashCutOffIsTakenIn() throws {
    let room = try Room()
    let vault = try history(room)
    let whole = try room.read("vault.audit")
    for torn in ["{\"seq\":7,\"at\":17", "\n", "{}"] {
      try room.write(whole + Array(torn.utf8), to: "vault.audit")
      let opened = try room.open()
      try opened.recordUse(of: "shop1")
      let verification = try opened.verify()
      #expect(verification.isSound, "\(verification.trailFindings)")
      #expect(verification.lines.suffix(2).map(\.action) == ["absorb", "use"])
      try room.write(whole, to: "vault.audit")
      room.marks.marks.withLock { $0[vault.id]?.auditSequence = 6 }
    }
  }

  // MARK: Growing

  @Test func goesOnInANewFile() throws {
    let room = try Room()
    var settings = room.settings()
    settings.mostTrailBytes = 1000
    let vault = try Vault.create(at: room.path, lockedBy: .keyFile(room.key), settings)
    for number in 0..<30 { try vault.add("shop\(number)") }
    #expect(try room.read("vault.audit").count < 1500 && room.read("vault.audit.1").count < 1500)
    let verification = try vault.verify()
    #expect(verification.isSound, "\(verification.trailFindings)")
    #expect(verification.lines.first?.action == "continue")
    try vault.rotate()
    #expect(try vault.verify().isSound)
    // A file that is missing shows, and so does a line of it.
    let older = try room.read("vault.audit.1")
    unlink(room.file("vault.audit.1"))
    #expect(try vault.verify().trailFindings == ["the file before this one is missing"])
    let lines = older.split(separator: UInt8(ascii: "\n"))
    try room.write(Array(lines.dropLast().joined(separator: [UInt8(ascii: "\n")])) + [10], to: "vault.audit.1")
    #expect(try !vault.verify().isSound)
    try room.write(Array(lines.dropFirst().joined(separator: [UInt8(ascii: "\n")])) + [10], to: "vault.audit.1")
    #expect(try !vault.verify().isSound)
    try room.write(older, to: "vault.audit.1")
    #expect(try vault.verify().isSound)
  }

  @Test func longTrailsAreReadFromTheirEnd() throws {
    let room = try Room()
    let vault = try room.create()
    try vault.add("shop1")
    let name = String(repeating: "long-name-", count: 900)
    let entry = AuditEntry(.use, profile: name)
    for _ in 0..<3 {
      try AuditTrail(path: room.file("vault.audit")).append(unkeyed: entry, at: 1, who: "x")
    }
    try room.open().recordUse(of: "shop1")
    #expect(try vault.verify().isSound)
  }
}
