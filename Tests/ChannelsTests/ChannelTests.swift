import Redaction
import Testing

@testable import Channels

/// What a channel may be made of, and what is never shown of it.
@Suite struct ChannelTests {
  @Test(arguments: [
    ("oapi.dingtalk.com/robot", "channel_address"), ("ftp://a.example.com/x", "channel_address"),
    ("https://user:pw@a.example.com/x", "channel_address"), ("https:///robot", "channel_address"),
    ("https://a.example.com/x y", "channel_address"), ("https://a.example.com/x#y", "channel_address"),
    ("https://a..example.com/", "channel_address"), ("https://a.example.com:0/", "channel_address"),
    ("https://a.example.com:65536/", "channel_address"), ("https://[::1/x", "channel_address"),
    ("http://a.example.com/x", "channel_clear_text"), ("http://127.0.0.1.example.com/x", "channel_clear_text"),
    ("http://10.0.0.1/x", "channel_clear_text"), ("https://钉钉.example.com\u{0}/", "channel_address"),
  ])
  func refusesAddresses(_ address: String, _ label: String) {
    let error = #expect(throws: ChannelError.self) {
      try Channel(name: "ops", kind: .http, address: address)
    }
    #expect(error?.label == label)
    #expect(error?.hint.isEmpty == false)
    #expect(error.map { !"\($0.description)\($0.hint)".contains("pw") } == true)
  }

  @Test(arguments: [
    ("https://oapi.dingtalk.com/robot/send?access_token=abcdefgh", "https://oapi.dingtalk.com"),
    ("HTTPS://A.Example.com:8443?k=v", "https://a.example.com:8443"), ("http://[::1]:80/x", "http://[::1]:80"),
    ("http://localhost:9/x", "http://localhost:9"), ("http://127.3.2.1/", "http://127.3.2.1"),
  ])
  func takesAddressesAndShowsTheirOriginOnly(_ text: String, _ origin: String) throws {
    let address = try ChannelAddress(parsing: text)
    #expect(address.origin == origin)
    #expect("\(address)" == origin + "/…")
    #expect(address.secret.text.hasPrefix(origin + "/"))
    let channel = try Channel(name: "ops", kind: .http, address: text)
    var dumped = ""
    dump(channel, to: &dumped)
    #expect(!dumped.contains("abcdefgh") && !"\(channel)".contains("abcdefgh"))
  }

  @Test(arguments: [
    ("https://oapi.dingtalk.com/robot/send?access_token=71fe08a9c2b45d3e", "71fe08a9c2b45d3e"),
    ("https://open.feishu.cn/open-apis/bot/v2/hook/9a8b7c6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d", "9a8b7c6d-5e4f-4a3b-9c2d"),
    ("https://hooks.slack.com/services/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", "qPoNmLkJiHgFeDcBa9876543"),
  ])
  func itsTokenIsShownNowhere(_ address: String, _ token: String) throws {
    let channel = try Channel(name: "ops", kind: .http, address: address, secret: "SECof-\(token)")
    #expect(redact("posting to \(address) failed") != "posting to \(address) failed")
    #expect(!redact("a line with \(address) in it").contains(token))
    #expect(!redact("secret SECof-\(token)").contains("SECof"))
    // What people have to read stays.
    #expect(redact(channel.address.origin) == channel.address.origin)
    #expect(redact("/robot/send /open-apis/bot/v2/hook /services") == "/robot/send /open-apis/bot/v2/hook /services")
  }

  @Test(arguments: ["", "Ops", "a b", "ä", "a/b", String(repeating: "a", count: 41)])
  func refusesNames(_ name: String) {
    #expect(throws: ChannelError.name(name)) {
      try Channel(name: name, kind: .http, address: "https://a.example.com/")
    }
  }

  @Test func kindsAreReadAsPeopleWriteThem() {
    #expect(ChannelKind("DingTalk") == .dingtalk && ChannelKind("lark") == .feishu && ChannelKind("mail") == nil)
  }

  @Test(arguments: [ChannelKind.wecom, .slack])
  func aSecretThatNobodyChecksIsRefused(_ kind: ChannelKind) {
    #expect(throws: ChannelError.noSignature(kind)) { try Channel.sample(kind, secret: "SEC") }
  }

  @Test func aKeywordIsOneShortLine() {
    #expect(throws: ChannelError.keyword) { try Channel.sample(.dingtalk, keyword: "a\nb") }
    #expect(throws: ChannelError.keyword) {
      try Channel.sample(.dingtalk, keyword: String(repeating: "词", count: 34))
    }
  }
}
