import JSON
import Testing

@testable import Channels

/// Texts of sellers and buyers that try to call people, to lead them somewhere, or to look like something else.
@Suite struct InjectionTests {
  /// What would work if it came through as it is.
  private static let attempts = [
    "@all", "@所有人", "<!channel>", "<!here|x>", "<@U012AB3CD>", "<at user_id=\"all\">x</at>", "<@userid>",
    "[refund](https://evil.example.com)", "![x](https://evil.example.com/p.png)", "<https://evil.example.com>",
    "https://evil.example.com/login", "www.evil-example.com", "evil.example.com", "[a]: https://evil.example.com",
    "<font color=\"warning\">paid</font>", "<a href=\"https://evil.example.com\">x</a>", "mail@evil.example.com",
    "# Paid", "> quoted", "- item", "1. first", "``` code", "*bold* **bold**", "x <https://evil.example.com|bank>",
  ]

  /// What a service would act on in a text that it was handed.
  private static func acts(_ text: String, as kind: ChannelKind) -> [Substring] {
    let common = [
      #/@(?!\u{200B})\S/#, #/https?:///#, #/www\./#, #/[\p{L}\d]\.[\p{L}]{2,}/#, #/\]\(/#, #/\]\[/#, #/\]:/#,
    ].flatMap { text.matches(of: $0).map(\.0) }
    switch kind {
    case .slack: return common + text.matches(of: #/<[^>]*>|&(?!amp;|lt;|gt;)/#).map(\.0)
    case .dingtalk, .wecom, .feishu: return common + text.matches(of: #/<[\p{L}@!/]/#).map(\.0)
    case .http: return []
    }
  }

  /// All texts of a request that a person would be shown.
  private static func texts(_ value: JSON) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(texts)
    case .object(let members): members.filter { $0.key != "href" && $0.key != "tag" }.flatMap { texts($0.value) }
    default: []
    }
  }

  @Test(arguments: [ChannelKind.dingtalk, .feishu, .wecom, .slack], attempts)
  func nothingInATextIsActedOn(_ kind: ChannelKind, _ attempt: String) throws {
    let channel = try Channel.sample(kind)
    let messages = [
      Message(id: "1", body: .text(attempt)), Message(id: "1", body: .text("before \(attempt) after")),
      Message(id: "1", title: attempt, body: .text(attempt), lines: [attempt]),
      Message(id: "1", body: .markdown("note: " + Self.escaped(attempt))),
      // Pieces that only together make something.
      Message(
        id: "1", body: .markdown("**@**all **<**!channel> [x](https://ok.example.com)(https://evil.example.com)")),
    ]
    for message in messages {
      let request = channel.request(message, now: start)
      #expect(request.json["at"] == nil && request.json["text"]?["mentioned_list"] == nil)
      for text in Self.texts(request.json) {
        let own = text.replacing("[x](https://ok.example.com)", with: "").replacing(
          "<https://ok.example.com|x>", with: "")
        #expect(Self.acts(own, as: kind).isEmpty, "\(text)")
      }
    }
  }

  /// As `notify.escape` of the standard library does it.
  private static func escaped(_ text: String) -> String {
    text.map { $0.isASCII && ($0.isPunctuation || $0.isSymbol) ? "\\\($0)" : String($0) }.joined()
  }

  @Test(arguments: attempts)
  func whatIsReadStaysTheSame(_ attempt: String) {
    #expect(
      Defusing.line(attempt).unicodeScalars.filter { $0 != Defusing.joint }.map(\.self) == Array(attempt.unicodeScalars)
    )
  }

  @Test(arguments: ["110000235001 · 1.50 CNY", "13h 6m left", "1,234.56 CNY", "未发货 3", "2026-11-01 09:30"])
  func whatIsHarmlessIsNotTouched(_ text: String) {
    #expect(Defusing.line(text) == text)
  }

  @Test(arguments: ["# Paid", "> x", "- x", "* x", "1. x", "1) x", "=== x", "| x |"])
  func textMakesNoHeadingsAndLists(_ text: String) throws {
    let request = try Channel.sample(.wecom).request(Message(id: "1", title: "t", body: .text(text)), now: start)
    let line = try #require(request.json["markdown"]?["content"]?.string?.split(separator: "\n").last)
    #expect(line.unicodeScalars.first == Defusing.joint)
  }

  @Test func whatTurnsTheDirectionOfWritingGoes() throws {
    let document = Document(Message(id: "1", body: .text("a\u{202E}b\u{7}c\td")))
    #expect(document.plainText == "abc d")
  }
}
