import JSON

/// Robots of WeCom groups.
///
/// The key stands in the address; there is no signature. 20 messages a minute. Text may have 2,048 bytes, Markdown 4,096.
/// Refusals come with status 200 and an `errcode`.
enum WeCom: Service {
  static let pace = Pace(burst: 5, perMinute: 15)
  private static let textLimit = 2048
  private static let markdownLimit = 4096

  static func request(_ message: Message, to channel: Channel, now: Int64) -> ChannelRequest {
    let whole = channel.document(message)
    // What is too long for mere text fits as Markdown.
    let isText = whole.isPlain && text(whole).utf8.count <= textLimit
    let (document, isCut) = whole.cut { isText || Markdown.text($0, separator: "\n").utf8.count <= markdownLimit }
    let body: JSON =
      isText
      ? ["msgtype": "text", "text": ["content": .string(text(document))]]
      : ["msgtype": "markdown", "markdown": ["content": .string(Markdown.text(document, separator: "\n"))]]
    return ChannelRequest(url: channel.address.secret, body: body.bytes(), isCut: isCut)
  }

  private static func text(_ document: Document) -> String {
    document.blocks.map { Defusing.text($0.plainText) }.joined(separator: "\n")
  }

  static func judge(_ answer: ChannelAnswer) -> Verdict {
    guard let json = answer.json, let code = json["errcode"]?.integer else {
      return .unclear("the answer is not WeCom's")
    }
    let message = "errcode \(code): \(ChannelAnswer.quoted(json["errmsg"]?.string ?? ""))"
    switch code {
    case 0: return .delivered
    case -1: return .busy(message, retryAfter: answer.retryAfter)
    // Its count begins anew each minute.
    case 45_009, 45_033: return .busy(message, retryAfter: answer.retryAfter ?? 60_000)
    default: return .refused(message)
    }
  }
}
