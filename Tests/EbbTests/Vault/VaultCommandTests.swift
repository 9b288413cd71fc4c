import Crypto
import Foundation
import JSON
import Testing

@testable import ebb

/// `ebb vault`, and runs whose credentials are in it, by the built program.
@Suite struct VaultCommandTests {
  /// A project for a simulated shop whose secret is in the vault.
  private func served(_ simulator: SimulatorProcess) throws -> VaultProject {
    let shop = try VaultProject(files: ["x.lua": "return taobao.refunds.list{ pageSize = 1 } ~= nil"])
    func text(_ key: String) -> String { simulator.announcement[key]?.string ?? "" }
    let added = try shop.add(
      secret: text("access_secret"), baseURL: text("base_url"), accessKey: text("access_key"),
      more: ["user_id": .string(text("user_id"))])
    #expect(added.status == 0, "\(added.errors)")
    return shop
  }

  // MARK: What opens it

  @Test func runsByKeyFilePassphraseFileAndCredentialsFolder() throws {
    let simulator = try SimulatorProcess()
    let shop = try served(simulator)
    func works(_ environment: [String: String] = [:]) throws -> Bool {
      let result = try shop.run("call", "taobao.refunds.list", "pageSize=1", environment: environment)
      #expect(result.status == 0, "\(result.errors)")
      return result.status == 0
    }
    #expect(try works(), "by the key file at its standard place")
    let run = try shop.run("run", "x.lua")
    #expect(run.status == 0, "\(run.errors)")

    // The same key elsewhere: named, or given by systemd.
    let key = try Data(contentsOf: shop.key)
    try FileManager.default.removeItem(at: shop.key)
    let missing = try shop.run("run", "x.lua")
    #expect(missing.status == 3 && missing.errors.contains("the vault is locked by a key file, and there is none"))
    let credentials = shop.home.appending(path: "credentials")
    try FileManager.default.createDirectory(at: credentials, withIntermediateDirectories: true)
    try key.write(to: credentials.appending(path: "ebb-vault-key"))
    #expect(try works(["CREDENTIALS_DIRECTORY": credentials.path]))
    let elsewhere = shop.home.appending(path: "elsewhere.key")
    try key.write(to: elsewhere)
    chmod(elsewhere.path, 0o600)
    #expect(try works(["EBB_VAULT_KEY_FILE": elsewhere.path]))
    chmod(elsewhere.path, 0o644)
    let open = try shop.run("run", "x.lua", environment: ["EBB_VAULT_KEY_FILE": elsewhere.path])
    #expect(open.status == 3 && open.errors.contains("hint: chmod 600 \(elsewhere.path)"))
    chmod(elsewhere.path, 0o600)

    // By a passphrase from a file, and from systemd.
    let passphrase = try shop.write("four words nobody guesses\n", inHome: "passphrase")
    let rekeyed = try shop.run(
      "vault", "rekey", "--passphrase-file", passphrase, environment: ["EBB_VAULT_KEY_FILE": elsewhere.path])
    #expect(rekeyed.status == 0, "\(rekeyed.errors)")
    #expect(try works(["EBB_PASSPHRASE_FILE": passphrase]))
    _ = try shop.write("four words nobody guesses", inHome: "credentials/ebb-vault-passphrase")
    #expect(try works(["CREDENTIALS_DIRECTORY": credentials.path]))
    let nobody = try shop.run("run", "x.lua")
    #expect(nobody.status == 3 && nobody.errors.contains("nobody can be asked for it here"))
    let wrong = try shop.write("four words anybody guesses\n", inHome: "wrong")
    let refused = try shop.run("run", "x.lua", environment: ["EBB_PASSPHRASE_FILE": wrong])
    #expect(refused.status == 3 && refused.errors.contains("it is locked by another passphrase"))
  }

  /// A service's machine has no home to make a key file in, and a key that lies beside the one it was given opens nothing.
  @Test(arguments: ["ebb-vault-key", "ebb-vault-passphrase", "EBB_PASSPHRASE_FILE"])
  func aNewVaultIsLockedByWhatTheMachineGives(_ name: String) throws {
    let shop = try VaultProject()
    let secret = try shop.write(String(repeating: "four-byt", count: 4), inHome: "credentials/\(name)")
    let environment =
      name.hasPrefix("EBB") ? [name: secret] : ["CREDENTIALS_DIRECTORY": (secret as NSString).deletingLastPathComponent]
    let object: JSON = [
      "base_url": "https://api.pandapon.com", "access_key": "58c0201d", "access_secret": "a-secret-of-a-test",
    ]
    let added = try shop.run("profiles", "add", "demo", "--from-stdin", input: object.text(), environment: environment)
    #expect(added.status == 0 && !FileManager.default.fileExists(atPath: shop.key.path), "\(added.errors)")
    #expect(try shop.run("profiles", "show", "demo", environment: environment).status == 0)
    #expect(try shop.run("profiles", "show", "demo").status == 3)
  }

  // MARK: What is wrong with it

  @Test func eachErrorHasAnExitCodeAndAName() throws {
    let shop = try VaultProject(files: ["x.lua": "return 1"])
    try shop.add()
    let whole = try Data(contentsOf: shop.vault)
    func result(_ change: (inout [UInt8]) -> Void, repaired: Bool) throws -> JSON {
      var bytes = Array(whole)
      change(&bytes)
      if repaired { bytes = Array(bytes.dropLast(32)) + SHA256.hash(data: bytes.dropLast(32)) }
      try Data(bytes).write(to: shop.vault)
      let run = try shop.run("run", "x.lua", "--json")
      #expect(run.status == 3, "\(run.errors)")
      #expect(!run.output.contains("t1de"))
      return try run.json["error"] ?? nil
    }
    #expect(try result({ $0[whole.count / 2] ^= 1 }, repaired: false)["code"] == "vault_damaged")
    #expect(try result({ $0[70] ^= 1 }, repaired: true)["code"] == "vault_wrong_key")
    let tampered = try result({ $0[whole.count - 70] ^= 1 }, repaired: true)
    #expect(tampered["code"] == "vault_tampered" && tampered["place"] != nil)
    let counter = try result({ $0[135] ^= 1 }, repaired: true)
    #expect(counter["code"] == "vault_tampered" && counter["place"] == "directory")
    try whole.write(to: shop.vault)
    chmod(shop.vault.path, 0o640)
    let open = try shop.run("run", "x.lua")
    #expect(open.status == 3 && open.errors.contains("hint: chmod 600 \(shop.vault.path)"))
    chmod(shop.vault.path, 0o600)
    #expect(try shop.run("run", "x.lua").status == 0)
    // The openings in vain are in the trail, and it is whole.
    #expect(try shop.run("vault", "verify").status == 0)
    let outcomes = try shop.run("vault", "audit", "--json").output.split(separator: "\n")
      .map { try JSON(parsing: String($0)) }.filter { $0["action"] == "open" }.map { $0["outcome"] }
    #expect(outcomes == ["wrong_key", "tampered", "tampered"])
  }

  @Test func anOlderFileIsSeenAndAccepted() throws {
    let shop = try VaultProject(files: ["x.lua": "return 1"])
    try shop.add()
    #expect(try shop.run("run", "x.lua").status == 0, "makes the store, which remembers")
    let old = try Data(contentsOf: shop.vault)
    #expect(try shop.run("profiles", "secret", "demo", "--current", input: "the-next-one").status == 0)
    try old.write(to: shop.vault)
    let refused = try shop.run("run", "x.lua", "--json")
    #expect(refused.status == 3)
    #expect(try refused.json["error"]?["code"] == "vault_rolled_back")
    #expect(try shop.run("vault", "accept-rollback").status == 2, "it wants a reason")
    #expect(try shop.run("vault", "accept-rollback", "--why", "Friday's backup").status == 0)
    #expect(try shop.run("run", "x.lua").status == 0)
    let verified = try shop.run("vault", "verify")
    #expect(verified.status == 0, "\(verified.output)")
    #expect(try shop.run("vault", "audit").output.contains("Friday's backup"))
  }

  @Test func aLineThatIsMissingShows() throws {
    let shop = try VaultProject()
    try shop.add("shop1")
    try shop.add("shop2")
    try shop.add("shop3")
    let trail = shop.project.folder.appending(path: ".ebb/vault.audit")
    var lines = try String(contentsOf: trail, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    lines.remove(at: 2)
    try Data(lines.joined(separator: "\n").utf8).write(to: trail)
    let verified = try shop.run("vault", "verify", "--json")
    #expect(verified.status == 1)
    #expect(try verified.json["findings"]?[0]?["detail"] == "line 3 is missing")
    #expect(try shop.run("vault", "audit").status == 1)
  }

  // MARK: Its life

  @Test func initMakesOneVault() throws {
    let shop = try VaultProject()
    #expect(try shop.run("vault", "status").status == 3)
    #expect(try shop.run("vault", "init", "--key-file", "here.key").errors.contains("would lie in the project"))
    #expect(!FileManager.default.fileExists(atPath: shop.project.folder.appending(path: "here.key").path))
    let made = try shop.run("vault", "init", "--json")
    #expect(try made.json["key_file"]?.string == shop.key.path && made.json["locked_by"] == "key file")
    #expect(try shop.run("vault", "init").status == 3)
    let status = try shop.run("vault", "status", "--json").json
    #expect(status["opens"] == true && status["counter"] == 1 && status["store"] == "none")
    #expect(try shop.run("vault", "init", "--passphrase", "--key-file", "x").status == 2)
    #expect(try shop.run("vault", "init", "--passphrase").status == 3)
  }

  @Test func rekeyMakesAFreshKeyFile() throws {
    let shop = try VaultProject()
    try shop.add()
    let old = try Data(contentsOf: shop.key)
    for number in [3, 4] {
      let rekeyed = try shop.run("vault", "rekey", "--json")
      let file = try #require(try rekeyed.json["key_file"]?.string)
      #expect(file.hasSuffix("-\(number).key") && FileManager.default.fileExists(atPath: file))
      #expect(try shop.run("vault", "verify").status == 0)
    }
    // The shared one is left to other vaults; those that Ebb made for this one alone do not pile up.
    #expect(try Data(contentsOf: shop.key) == old)
    let files = try FileManager.default.contentsOfDirectory(atPath: shop.key.deletingLastPathComponent().path)
    #expect(files.count == 2)
    let alone = try shop.run("vault", "verify", environment: ["EBB_VAULT_KEY_FILE": shop.key.path])
    #expect(alone.status == 3 && alone.errors.contains("locked by another key file"))
  }

  @Test func theVaultMayLieElsewhere() throws {
    let shop = try VaultProject()
    let folder = shop.home.appending(path: "vaults")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = folder.appending(path: "v").path
    #expect(try shop.run("vault", "init", environment: ["EBB_VAULT": path]).status == 0)
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(try shop.run("config", "show", environment: ["EBB_VAULT": path]).output.contains("EBB_VAULT"))
    chmod(folder.path, 0o755)
    let open = try shop.run("vault", "verify", environment: ["EBB_VAULT": path])
    #expect(open.status == 3 && open.errors.contains("hint: chmod 700 \(folder.path)"))
  }

  /// Ended in the middle of writing, again and again: what opens is whole, and nothing is lost that was acknowledged.
  @Test func aProcessThatIsKilledLosesNothing() throws {
    let shop = try VaultProject()
    try shop.add("shop0")
    var acknowledged: Set = ["shop0"]
    for number in 1...12 {
      let name = "shop\(number)"
      let input = #"{"base_url":"https://api.pandapon.com","access_key":"k","access_secret":"s3cret-\#(number)"}"#
      let command = try shop.project.start(["profiles", "add", name, "--from-stdin"], input: input)
      // Another moment of its work each time: what matters is not when.
      usleep(useconds_t(number * 9000))
      command.signal(SIGKILL)
      if try command.end().status == 0 { acknowledged.insert(name) }
      let names = try shop.run("profiles", "list", "--json").json.array?.compactMap { $0["profile"]?.string } ?? []
      #expect(acknowledged.isSubset(of: names))
    }
    let verified = try shop.run("vault", "verify")
    #expect(verified.status == 0, "\(verified.output)")
  }
}
