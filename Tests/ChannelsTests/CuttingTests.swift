import JSON
import Testing

@testable import Channels

/// What does not fit is cut between characters, says so, and leaves all marks whole.
@Suite struct CuttingTests {
  private static func size(_ kind: ChannelKind, _ request: ChannelRequest) -> Int {
    switch kind {
    case .dingtalk, .feishu, .http: request.body.count
    case .wecom:
      (request.json["markdown"]?["content"] ?? request.json["text"]?["content"])?.string?.utf8.count ?? .max
    case .slack: request.json["text"]?.string?.utf8.count ?? .max
    }
  }

  private static func limit(_ kind: ChannelKind) -> Int {
    switch kind {
    case .dingtalk, .feishu: 20_000
    case .wecom: 4096
    case .slack: 12_000
    case .http: 256_000
    }
  }

  @Test(
    arguments: ChannelKind.allCases,
    ["a", "字", "👩‍👩‍👧‍👦", "\"", "<", "e\u{301}", "line\n", "**b** ", "[x](https://a.example.com/) "])
  func fitsTheServiceAndNothingIsWasted(_ kind: ChannelKind, _ unit: String) throws {
    let channel = try Channel.sample(kind)
    let long = String(repeating: unit, count: 300_000 / unit.utf8.count)
    for body in [Message.Body.text(long), .markdown(long)] {
      let request = channel.request(Message(id: "1", title: "t", body: body), now: start)
      let size = Self.size(kind, request)
      if kind == .http, unit == "**b** ", case .markdown = body {
        // Its text alone fits.
        #expect(!request.isCut && size <= Self.limit(kind) && request.json["markdown"] == nil)
        continue
      }
      #expect(request.isCut)
      #expect(size <= Self.limit(kind))
      // The next character, with all that its service writes around it, would have been too much.
      #expect(size > Self.limit(kind) - 400, "\(size)")
      let text = request.json.text()
      #expect(text.contains("(cut · 已截断)"))
      #expect(!text.unicodeScalars.contains("\u{FFFD}"))
    }
  }

  @Test(arguments: ChannelKind.allCases)
  func whatFitsIsLeftAlone(_ kind: ChannelKind) throws {
    let request = try Channel.sample(kind).request(
      Message(id: "1", body: .text(String(repeating: "x", count: 2000))), now: start)
    #expect(!request.isCut && !request.json.text().contains("已截断"))
  }

  @Test func charactersStayWhole() {
    let family = "👩‍👩‍👧‍👦"
    let document = Document(Message(id: "1", body: .text(String(repeating: family, count: 40))))
    let (cut, isCut) = document.cut { $0.plainText.utf8.count <= 100 }
    #expect(isCut)
    #expect(cut.blocks[0].spans[0].text == family + family + family)
    #expect(cut.blocks.last?.plainText == Message.cut)
  }

  @Test func aLinkThatIsCutLeadsNowhere() throws {
    let document = Document(Message(id: "1", body: .markdown("[a long label](https://a.example.com/)")))
    let (cut, _) = document.cut { $0.blocks[0].spans[0].text.count <= 3 }
    #expect(cut.blocks[0].spans == [Document.Span(text: "a l")])
  }

  @Test func aTitleIsOneLineOfSomeLength() {
    let document = Document(Message(id: "1", title: " a\r\nb\u{2028}" + String(repeating: "c", count: 500)))
    #expect(document.title?.hasPrefix("a b c") == true && document.title?.count == 200)
  }
}
