import JSON

/// Incoming webhooks of Slack.
///
/// The token is the address. One message a second. Slack cuts text at 40,000 characters and asks for far less; here it is
/// 12,000 bytes. An answer that is taken says `ok`; refusals come as a word with a status of their own.
enum Slack: Service {
  static let pace = Pace(burst: 1, perMinute: 60)
  private static let limit = 12_000

  static func request(_ message: Message, to channel: Channel, now: Int64) -> ChannelRequest {
    let (document, isCut) = channel.document(message).cut { text($0).utf8.count <= limit }
    let body: JSON = [
      "text": .string(text(document)), "mrkdwn": true, "parse": "none", "link_names": false, "unfurl_links": false,
      "unfurl_media": false,
    ]
    return ChannelRequest(url: channel.address.secret, body: body.bytes(), isCut: isCut)
  }

  private static func text(_ document: Document) -> String {
    let title = document.title.map { "*\(escaped($0))*" }
    return ([title].compactMap(\.self) + document.blocks.map(line)).joined(separator: "\n")
  }

  private static func line(_ block: Document.Block) -> String {
    let text = block.spans.map(text).joined()
    switch block.kind {
    case .heading: return "*\(text.replacing("*", with: ""))*"
    case .line: return text
    case .item: return "• " + text
    case .quote: return "> " + text
    }
  }

  private static func text(_ span: Document.Span) -> String {
    let text = escaped(span.text)
    if let link = span.link { return "<\(link.replacing("&", with: "&amp;"))|\(text.replacing("|", with: "｜"))>" }
    switch span.style {
    case .plain: return text
    case .bold: return "*\(text)*"
    case .code: return "`\(text)`"
    }
  }

  /// The three signs with which Slack begins everything, mentions and links, and what its clients make links of.
  private static func escaped(_ text: String) -> String {
    Defusing.text(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  static func judge(_ answer: ChannelAnswer) -> Verdict {
    let said = answer.quoted
    return said == "ok" ? .delivered : .refused(said.isEmpty ? "the answer is empty" : said)
  }
}
