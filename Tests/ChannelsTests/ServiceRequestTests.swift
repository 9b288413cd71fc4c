import JSON
import Testing

@testable import Channels

/// What goes out to each service, byte for byte where it is signed. The signatures were computed with Python's `hmac`.
@Suite struct ServiceRequestTests {
  private static let held = Message(
    id: "run-1:3", title: "Held", body: .markdown("**2** wait, see [the list](https://ops.example.com/a?b=1&c=2)"),
    lines: ["110000235001 · 1.50 CNY"])

  @Test func dingTalkIsSignedInTheQuery() throws {
    let channel = try Channel.sample(.dingtalk, secret: "SECkeyforagroup")
    let request = channel.request(Message(id: "1", body: .text("two wait")), now: start + 11)
    #expect(
      request.url.text == channel.address.secret.text
        + "&timestamp=1793491200011&sign=XUFVvPTf4d%2BYAhc2Lthf%2FJS954ahDGnTtOJS4uqjwr8%3D")
    #expect(request.json == ["msgtype": "text", "text": ["content": "two wait"]])
    #expect(request.headers == ["content-type": "application/json; charset=utf-8"])
    let unsigned = try Channel.sample(.dingtalk).request(Message(id: "1", body: .text("x")), now: start)
    #expect(unsigned.url.text == channel.address.secret.text)
  }

  @Test func dingTalkTakesMarkdown() throws {
    let request = try Channel.sample(.dingtalk).request(Self.held, now: start)
    #expect(
      request.json == [
        "msgtype": "markdown",
        "markdown": [
          "title": "Held",
          "text":
            "### Held\n\n**2** wait, see [the list](https://ops.example.com/a?b=1&c=2)\n\n- 110000235001 · 1.50 CNY",
        ],
      ])
  }

  @Test func feishuIsSignedInTheDocument() throws {
    let channel = try Channel.sample(.feishu, secret: "SECkeyforagroup")
    let request = channel.request(Message(id: "1", body: .text("two wait")), now: start + 999)
    #expect(request.url == channel.address.secret)
    #expect(
      request.json == [
        "timestamp": "1793491200", "sign": "Tgs1RHt5qoM8J83QmqSjYKDnPeOkT1kS25X6qYcrolg=", "msg_type": "text",
        "content": ["text": "two wait"],
      ])
  }

  @Test func feishuTakesPosts() throws {
    let request = try Channel.sample(.feishu).request(Self.held, now: start)
    #expect(
      request.json == [
        "msg_type": "post",
        "content": [
          "post": [
            "zh_cn": [
              "title": "Held",
              "content": [
                [
                  ["tag": "text", "text": "2"], ["tag": "text", "text": " wait, see "],
                  ["tag": "a", "text": "the list", "href": "https://ops.example.com/a?b=1&c=2"],
                ],
                [["tag": "text", "text": "• "], ["tag": "text", "text": "110000235001 · 1.50 CNY"]],
              ],
            ]
          ]
        ],
      ])
  }

  @Test func weComTakesTextAndMarkdown() throws {
    let channel = try Channel.sample(.wecom)
    #expect(
      channel.request(Message(id: "1", body: .text("a\nb")), now: start).json
        == ["msgtype": "text", "text": ["content": "a\nb"]])
    #expect(
      channel.request(Self.held, now: start).json["markdown"]?["content"]?.string
        == "### Held\n**2** wait, see [the list](https://ops.example.com/a?b=1&c=2)\n- 110000235001 · 1.50 CNY")
    // Longer than text may be: it goes as Markdown, whole.
    let long = String(repeating: "字", count: 700)
    let request = channel.request(Message(id: "1", body: .text(long)), now: start)
    #expect(request.json["msgtype"] == "markdown" && request.json["markdown"]?["content"] == .string(long))
    #expect(!request.isCut)
  }

  @Test func slackTakesItsOwnMarks() throws {
    let request = try Channel.sample(.slack).request(Self.held, now: start)
    #expect(
      request.json == [
        "text":
          "*Held*\n*2* wait, see <https://ops.example.com/a?b=1&amp;c=2|the list>\n• 110000235001 · 1.50 CNY",
        "mrkdwn": true, "parse": "none", "link_names": false, "unfurl_links": false, "unfurl_media": false,
      ])
  }

  @Test func anEndpointGetsADocumentWithASignature() throws {
    let channel = try Channel.sample(.http, secret: "endpointsecret")
    let request = channel.request(Message(id: "run-1:3", title: "Held", body: .text("two wait")), now: start)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"{"ebb":1,"id":"run-1:3","channel":"ops","title":"Held","text":"two wait","repeated":false,"cut":false,"#
        + #""sent":1793491200000}"#)
    #expect(
      request.headers == [
        "content-type": "application/json; charset=utf-8", "x-ebb-timestamp": "1793491200000",
        "x-ebb-message": "run-1:3",
        "x-ebb-signature": "sha256=a4b8e0f8afea7e9da8a0f9da7ba6795ad8c3f23223dd24f5449613636a826bc2",
      ])
    let document = try Channel.sample(.http).request(Self.held, now: start).json
    #expect(document["markdown"]?.string == "**2** wait, see [the list](https://ops.example.com/a?b=1&c=2)")
    #expect(document["lines"] == ["110000235001 · 1.50 CNY"])
    #expect(
      document["text"]?.string == "2 wait, see the list (https://ops.example.com/a?b=1&c=2)\n- 110000235001 · 1.50 CNY")
  }

  @Test(arguments: ChannelKind.allCases)
  func aRepetitionSaysSo(_ kind: ChannelKind) throws {
    var message = Message(id: "1", title: "Held", body: .text("two wait"))
    let channel = try Channel.sample(kind)
    #expect(!channel.request(message, now: start).json.text().contains("may be repeated"))
    message.isRepeated = true
    #expect(channel.request(message, now: start).json.text().contains("(may be repeated · 可能重复)"))
  }

  @Test func aKeywordIsAddedWhereItIsMissing() throws {
    let channel = try Channel.sample(.dingtalk, keyword: "售后")
    let added = channel.request(Message(id: "1", body: .text("two wait")), now: start)
    #expect(added.json["text"]?["content"] == "售后\ntwo wait")
    let present = channel.request(Message(id: "1", body: .text("售后: two wait")), now: start)
    #expect(present.json["text"]?["content"] == "售后: two wait")
    // Also where the message has to be cut.
    let long = channel.request(Message(id: "1", body: .text(String(repeating: "等", count: 30_000))), now: start)
    #expect(long.isCut && long.json["text"]?["content"]?.string?.hasPrefix("售后\n等") == true)
  }
}
