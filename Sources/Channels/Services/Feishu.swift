import JSON

/// Custom bots of Feishu and Lark groups.
///
/// Signed ones take `timestamp` (s) and `sign` in the document: base64 of HMAC-SHA256 over nothing, with `timestamp`, a
/// line feed and the secret as the key. 5 messages a second and 100 a minute. A request may have 20 KB. Refusals come with
/// status 200 and a `code`, or `StatusCode` in answers of an older form.
enum Feishu: Service {
  static let pace = Pace(burst: 4, perMinute: 60)
  private static let limit = 20_000

  static func request(_ message: Message, to channel: Channel, now: Int64) -> ChannelRequest {
    let signature = signature(of: channel, now: now)
    let (document, isCut) = channel.document(message).cut { body($0, signature).count <= limit }
    return ChannelRequest(url: channel.address.secret, body: body(document, signature), isCut: isCut)
  }

  private static func signature(of channel: Channel, now: Int64) -> JSONObject {
    guard let secret = channel.secret?.text else { return [:] }
    let timestamp = String(now / 1000)
    return [
      "timestamp": .string(timestamp),
      "sign": .string(Signature.base64(Signature.hmac([], key: "\(timestamp)\n\(secret)"))),
    ]
  }

  private static func body(_ document: Document, _ signature: JSONObject) -> [UInt8] {
    var members = signature
    if document.isPlain {
      let text = document.blocks.map { Defusing.text($0.plainText) }.joined(separator: "\n")
      members["msg_type"] = "text"
      members["content"] = ["text": .string(text)]
    } else {
      var post: JSONObject = [:]
      post["title"] = document.title.map { .string(Defusing.text($0)) }
      post["content"] = .array(document.blocks.map(line))
      members["msg_type"] = "post"
      members["content"] = ["post": ["zh_cn": .object(post)]]
    }
    return JSON.object(members).bytes()
  }

  /// A line of a post: what is written in it has no marks, so that nothing in it can be one.
  private static func line(_ block: Document.Block) -> JSON {
    let mark: String? =
      switch block.kind {
      case .heading, .line: nil
      case .item: "• "
      case .quote: "｜ "
      }
    let marks: [JSON] = mark.map { [["tag": "text", "text": .string($0)]] } ?? []
    let spans = block.spans.map { span -> JSON in
      guard let link = span.link else { return ["tag": "text", "text": .string(Defusing.text(span.text))] }
      return ["tag": "a", "text": .string(Defusing.text(span.text)), "href": .string(link)]
    }
    return .array(marks + spans)
  }

  static func judge(_ answer: ChannelAnswer) -> Verdict {
    guard let json = answer.json, let code = (json["code"] ?? json["StatusCode"])?.integer else {
      return .unclear("the answer is not Feishu's")
    }
    let said = (json["msg"] ?? json["StatusMessage"])?.string ?? ""
    let message = "code \(code): \(ChannelAnswer.quoted(said))"
    switch code {
    case 0: return .delivered
    case 11_232, 99_991_400: return .busy(message, retryAfter: answer.retryAfter ?? 60_000)
    default: return .refused(message)
    }
  }
}
