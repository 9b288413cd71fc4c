import JSON
import Redaction
import Testing

@testable import Vault

@Suite struct ProfileTests {
  private func contents() -> VaultContents {
    let id = VaultID(bytes: [UInt8](repeating: 1, count: 16))
    return VaultContents(id: id, key: DataKey(random: .system, of: id), entropy: .system)
  }

  private var sheet: ProfileSheet { ProfileSheet(baseURL: "https://api.pandapon.com", accessKey: "key-1") }

  private func shop(_ secret: String = "first") throws -> VaultContents {
    var contents = contents()
    try contents.addProfile("shop1", sheet, secret: SecretBytes(secret))
    return contents
  }

  // MARK: Stages

  private func stages(_ contents: VaultContents) throws -> [String] {
    try contents.stages(of: "shop1").map { stage, version in
      let secret = try contents.secret(of: "shop1", stage)?.secret.shown ?? "-"
      return "\(stage.name) \(version) \(secret)"
    }
  }

  @Test func aSecretGoesThroughItsStages() throws {
    var contents = try shop()
    #expect(try stages(contents) == ["CURRENT 1 first"])
    try contents.setPending(SecretBytes("second"), of: "shop1")
    #expect(try stages(contents) == ["PENDING 2 second", "CURRENT 1 first"])
    try contents.setPending(SecretBytes("third"), of: "shop1")
    #expect(try stages(contents) == ["PENDING 3 third", "CURRENT 1 first"])
    #expect(try contents.promote("shop1"))
    #expect(try stages(contents) == ["CURRENT 3 third", "PREVIOUS 1 first"])
    try contents.setCurrent(SecretBytes("fourth"), of: "shop1")
    #expect(try stages(contents) == ["CURRENT 4 fourth", "PREVIOUS 3 third"])
    #expect(try contents.dropPrevious("shop1"))
    #expect(try !contents.dropPrevious("shop1"))
    #expect(try stages(contents) == ["CURRENT 4 fourth"])
  }

  @Test func aSecretIsPromotedOnce() throws {
    var contents = try shop()
    #expect(label { try contents.promote("shop1") } == "refused")
    try contents.setPending(SecretBytes("second"), of: "shop1")
    let version = try #require(try contents.secret(of: "shop1", .pending)).version
    #expect(try !contents.promote("shop1", version: version + 1))
    #expect(try contents.promote("shop1", version: version))
    #expect(try !contents.promote("shop1", version: version), "another process was first")
    #expect(try stages(contents) == ["CURRENT 2 second", "PREVIOUS 1 first"])
  }

  @Test func aSecretThatIsOpenedIsNotShownAnyMore() throws {
    let contents = try shop("s3cret-of-a-shop-71")
    let text = "it is s3cret-of-a-shop-71"
    #expect(redact(text) == text)
    _ = try contents.fingerprint(of: "shop1")
    #expect(redact(text) == text, "a fingerprint shows nothing")
    _ = try contents.secret(of: "shop1")
    #expect(redact(text) == "it is [secret]")
  }

  @Test func fingerprintsTellSecretsApart() throws {
    var contents = try shop()
    try contents.addProfile("shop2", sheet, secret: SecretBytes("first"))
    let fingerprint = try #require(try contents.fingerprint(of: "shop1"))
    #expect(fingerprint.utf8.count == 8)
    #expect(try contents.fingerprint(of: "shop2") == fingerprint)
    #expect(try contents.fingerprint(of: "shop1", .pending) == nil)
    try contents.setCurrent(SecretBytes("second"), of: "shop1")
    #expect(try contents.fingerprint(of: "shop1") != fingerprint)
    #expect(try contents.fingerprint(of: "shop1", .previous) == fingerprint)
  }

  // MARK: Profiles

  @Test func namesAreOnesOfFiles() throws {
    var contents = contents()
    for name in ["", "a b", "a/b", "channel:x", "..", "店", String(repeating: "a", count: 101)] {
      #expect(label { try contents.addProfile(name, sheet, secret: SecretBytes("x")) } == "refused", "\(name)")
    }
    for name in ["a", "shop-1_B", String(repeating: "a", count: 100)] {
      try contents.addProfile(name, sheet, secret: SecretBytes("x"))
    }
    #expect(contents.profileNames.count == 3)
  }

  @Test func profilesAreChangedRenamedAndRemoved() throws {
    var contents = try shop()
    try contents.setDefaultProfile("shop1")
    try contents.setPending(SecretBytes("second"), of: "shop1")
    try contents.renameProfile("shop1", to: "shop9")
    #expect(contents.profileNames == ["shop9"])
    #expect(try contents.secret(of: "shop9")?.secret.shown == "first")
    #expect(try contents.secret(of: "shop9", .pending)?.secret.shown == "second")
    #expect(try contents.defaultProfile() == "shop9")
    #expect(label { try contents.renameProfile("shop1", to: "x") } == "unknown")
    #expect(label { try contents.renameProfile("shop9", to: "shop9") } == "taken")
    var changed = sheet
    changed.quota = 2.5
    try contents.setProfile("shop9", changed)
    #expect(try contents.profile("shop9").quota == 2.5)
    try contents.removeProfile("shop9")
    #expect(try contents.profileNames.isEmpty && contents.defaultProfile() == nil)
    #expect(label { _ = try contents.profile("shop9") } == "unknown")
    #expect(label { _ = try contents.secret(of: "shop9") } == "unknown")
    #expect(label { try contents.setDefaultProfile("shop9") } == "unknown")
  }

  @Test func keepsWhatTheAPIAccepted() throws {
    var contents = try shop()
    #expect(try contents.profile("shop1").signingVerified == nil)
    try contents.setSigning(
      ProfileSheet.Signing(digest: "hmac-sha256", encoding: "base64"), of: "shop1", verified: 1_764_000_000_000)
    try contents.markProven("taobao.refunds.get", of: "shop1")
    try contents.markProven("taobao.refunds.get", of: "shop1")
    try contents.markProven("account.balance.get", of: "shop1")
    let found = try contents.profile("shop1")
    #expect(found.signing.digest == "hmac-sha256" && found.signing.payload == nil)
    #expect(found.signingVerified == 1_764_000_000_000)
    #expect(found.proven == ["taobao.refunds.get", "account.balance.get"])
    try contents.setSigning(ProfileSheet.Signing(), of: "shop1", verified: nil)
    #expect(try contents.profile("shop1").signingVerified == nil)
  }

  // MARK: Sheets

  @Test func aSheetIsReadAsItWasWritten() throws {
    let text = """
      {"base_url":"https://api.pandapon.com","access_key":"k","user_id":"7","signing":{"payload":"{secret}","digest":"md5",\
      "encoding":"HEX","timestamp":"s"},"callbacks":["body"],"allow":["inferred","taobao.orders.list"],"quota":5,\
      "guards":{"max_writes":{"day":5}}}
      """
    let object = try #require(try JSON(parsing: text).object)
    #expect(JSON.object(try ProfileSheet(object).json) == .object(object))
    let sparse = try ProfileSheet([
      "base_url": "x", "access_key": "k", "allow": "inferred", "user_id": 7, "quota": "1.5",
    ])
    #expect(sparse.allow == ["inferred"] && sparse.userID == "7" && sparse.quota == 1.5)
    #expect(try ProfileSheet(sparse.json) == sparse)
  }

  @Test(
    arguments: [
      (#"{"access_key":"k"}"#, "base_url is missing"), (#"{"base_url":"x"}"#, "access_key is missing"),
      (#"{"base_url":"x","access_key":"k","quotta":1}"#, "\"quotta\" is no member of a profile"),
      (#"{"base_url":"x","access_key":"k","proven":[]}"#, "\"proven\" is no member of a profile"),
      (#"{"base_url":"x","access_key":"k","quota":0}"#, "quota is not a number of requests a second"),
      (#"{"base_url":"x","access_key":"k","quota":true}"#, "quota is not a text"),
      (#"{"base_url":["x"],"access_key":"k"}"#, "base_url is not a text"),
      (#"{"base_url":"x","access_key":"k","allow":[1]}"#, "allow is not a list of texts"),
      (#"{"base_url":"x","access_key":"k","guards":[]}"#, "guards is not an object"),
      (#"{"base_url":"x","access_key":"k","signing":"md5"}"#, "signing is not an object"),
      (
        #"{"base_url":"x","access_key":"k","signing":{"digset":"md5"}}"#, "\"signing.digset\" is no member of a profile"
      ),
      (#"{"base_url":"x","access_key":"k","signing":{"digest":5}}"#, "signing.digest is not a text"),
    ])
  func saysWhichMemberIsWrong(_ text: String, _ message: String) throws {
    let object = try #require(try JSON(parsing: text).object)
    let error = #expect(throws: ProfileSheetError.self) { try ProfileSheet(object) }
    #expect(error?.description == message)
  }

  // MARK: Channels

  @Test func channelsKeepTheirAddress() throws {
    var contents = contents()
    let channel = ChannelSheet(
      kind: "dingtalk", address: SecretBytes(unregistered: "https://oapi.example.com/robot?access_token=1".utf8),
      secret: SecretBytes("SEC-1"))
    try contents.addChannel("ops", channel)
    #expect(label { try contents.addChannel("ops", channel) } == "taken")
    #expect(label { try contents.addChannel("o ps", channel) } == "refused")
    #expect(contents.channelNames == ["ops"] && contents.profileNames.isEmpty)
    let found = try contents.channel("ops")
    #expect(found.kind == "dingtalk" && found.secret?.shown == "SEC-1")
    #expect(found.address.shown == "https://oapi.example.com/robot?access_token=1")
    #expect(redact("https://oapi.example.com") == "https://oapi.example.com")
    try contents.removeChannel("ops")
    #expect(contents.channelNames.isEmpty)
    #expect(label { _ = try contents.channel("ops") } == "unknown")
    #expect(label { try contents.removeChannel("ops") } == "unknown")
  }
}
