import Foundation
import JSON
import Journal
import Testing
import Vault

@testable import ebb

/// A store whose payloads are sealed with the vault's store key.
@Suite struct SealedStoreTests {
  private static let phone = "+86-13800138000"
  private static let script =
    "local phone = '+86-138' .. '00138000' log('the buyer at ' .. phone) keep('7', 'said ' .. phone) return { phone = phone }"

  private func holdsPhone(_ shop: VaultProject) throws -> Bool {
    var bytes: [UInt8] = []
    for name in ["store.db", "store.db-wal"] {
      bytes += Array((try? Data(contentsOf: shop.project.folder.appending(path: ".ebb/" + name))) ?? Data())
    }
    return bytes.contains(Array(Self.phone.utf8))
  }

  @Test func aNewStoreIsSealedFromTheBeginning() throws {
    let shop = try VaultProject(files: ["x.lua": Self.script])
    try shop.add()
    #expect(try shop.run("run", "x.lua").status == 0)
    #expect(try !holdsPhone(shop))
    #expect(try shop.run("vault", "status", "--json").json["store"] == "sealed")
    let run = try #require(try shop.run("runs", "list", "--json").json[0]?["run"]?.string)
    #expect(try shop.run("runs", "show", run, "--json").output.contains(Self.phone))
    #expect(try shop.run("store", "check").status == 0)
    #expect(try shop.run("runs", "replay", run).status == 0)

    // Rotated: what is older opens, what is new is sealed with the new key.
    #expect(try shop.run("vault", "rotate").status == 0)
    #expect(try shop.run("run", "x.lua").status == 0)
    #expect(try shop.run("store", "check").status == 0)
    #expect(try !holdsPhone(shop))

    // Without the key nothing of it is read; what is not sealed is.
    try FileManager.default.removeItem(at: shop.key)
    let locked = try shop.run("runs", "show", run)
    #expect(locked.status == 3 && locked.errors.hasPrefix("ebb: the store is sealed: "), "\(locked.errors)")
    #expect(try shop.run("store", "stats").status == 0)
    try FileManager.default.removeItem(at: shop.vault)
    let gone = try shop.run("runs", "show", run)
    #expect(gone.status == 3 && gone.errors.contains("there is no vault at"), "\(gone.errors)")
  }

  @Test func anOldStoreIsSealedWhenAPersonSaysSo() throws {
    let shop = try VaultProject(
      files: ["x.lua": Self.script, "y.lua": "return 'of +86-139' .. '00139000'"],
      environment: [
        "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "k", "EBB_ACCESS_SECRET": "m00nlit-tide-5kz2qx",
      ])
    #expect(try shop.run("run", "x.lua").status == 0)
    #expect(try holdsPhone(shop), "there is no vault")
    try shop.add()
    #expect(try shop.run("run", "x.lua").status == 0)
    #expect(try shop.run("vault", "status", "--json").json["store"] == "plain")
    #expect(try shop.run("vault", "seal-store", "--json").json["was_sealed"] == false)
    #expect(try shop.run("vault", "seal-store", "--json").json["was_sealed"] == true)
    #expect(try shop.run("run", "y.lua").status == 0)
    let store = try Data(contentsOf: shop.project.folder.appending(path: ".ebb/store.db"))
    let log = (try? Data(contentsOf: shop.project.folder.appending(path: ".ebb/store.db-wal"))) ?? Data()
    for number in ["+86-13900139000", Self.phone] {
      // What was recorded after it was said is sealed; what was recorded before is as it was.
      let isFound = store.range(of: Data(number.utf8)) != nil || log.range(of: Data(number.utf8)) != nil
      #expect(isFound == (number == Self.phone), "\(number)")
    }
    for run in try shop.run("runs", "list", "--json").json.array ?? [] {
      #expect(try shop.run("runs", "show", run["run"]?.string ?? "").status == 0)
    }
    #expect(try shop.run("store", "check").status == 0)
  }

  /// Bound to its place, and never taken plain where all are sealed.
  @Test func aPayloadOpensInItsPlaceOnly() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let key = folder.appending(path: "key").path
    try Data([UInt8](repeating: 7, count: 32)).write(to: URL(filePath: key))
    chmod(key, 0o600)
    let configuration = Configuration(
      folder: folder.appending(path: "project").path, file: nil,
      environment: ["EBB_VAULT_KEY_FILE": key, "EBB_VAULT": folder.appending(path: "vault").path])
    _ = try configuration.vault.openOrMake(who: "tester", in: configuration)
    let place = PayloadPlace(owner: "run", kind: .result)
    let other = PayloadPlace(owner: "run", kind: .failure)
    let strict = SealedPayloads(configuration.vault, acceptsPlain: false)
    let sealed = try strict.seal(Array("{}".utf8), at: place)
    #expect(try strict.open(sealed, at: place) == Array("{}".utf8))
    #expect(throws: JournalError.self) { try strict.open(sealed, at: other) }
    #expect(throws: JournalError.self) { try strict.open(Array("{}".utf8), at: place) }
    let lenient = SealedPayloads(configuration.vault, acceptsPlain: true)
    #expect(try lenient.open(Array("{}".utf8), at: place) == Array("{}".utf8))
    #expect(throws: JournalError.self) { try lenient.open(sealed, at: other) }
    // A process that has been open since before a rotation reads what another one sealed since.
    try configuration.vault.open().rotate()
    let fresh = try SealedPayloads(configuration.vault, acceptsPlain: false).seal([1], at: place)
    #expect(try strict.open(fresh, at: place) == [1])
  }
}
