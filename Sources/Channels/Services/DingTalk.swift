import JSON

/// Custom robots of DingTalk groups.
///
/// Signed ones take `timestamp` (ms) and `sign` in the query: base64 of HMAC-SHA256 with the secret over `timestamp`, a
/// line feed and the secret. 20 messages a minute; who sends more is shut out for ten minutes. A message may have 20,000
/// bytes. Refusals come with status 200 and an `errcode`.
enum DingTalk: Service {
  static let pace = Pace(burst: 5, perMinute: 15)
  private static let limit = 20_000
  /// How long it shuts out who sends too fast, in milliseconds.
  private static let penalty: Int64 = 600_000

  static func request(_ message: Message, to channel: Channel, now: Int64) -> ChannelRequest {
    let (document, isCut) = channel.document(message).cut { body($0).count <= limit }
    return ChannelRequest(url: url(of: channel, now: now), body: body(document), isCut: isCut)
  }

  private static func url(of channel: Channel, now: Int64) -> ChannelSecret {
    let address = channel.address.secret.text
    guard let secret = channel.secret?.text else { return channel.address.secret }
    let signature = Signature.base64(Signature.hmac(Array("\(now)\n\(secret)".utf8), key: secret))
    let separator = address.contains("?") ? "&" : "?"
    return ChannelSecret(
      "\(address)\(separator)timestamp=\(now)&sign=\(Signature.queryEncoded(signature))", hiding: [])
  }

  private static func body(_ document: Document) -> [UInt8] {
    if document.isPlain {
      let text = document.blocks.map { Defusing.text($0.plainText) }.joined(separator: "\n")
      return JSON.object(["msgtype": "text", "text": ["content": .string(text)]]).bytes()
    }
    // The title is what the list of conversations shows; the robot's message itself does not.
    let summary = String(Defusing.text(document.title ?? document.plainText).prefix(64))
    let text = Markdown.text(document, separator: "\n\n")
    return JSON.object([
      "msgtype": "markdown", "markdown": ["title": .string(summary), "text": .string(text)],
    ]).bytes()
  }

  static func judge(_ answer: ChannelAnswer) -> Verdict {
    guard let json = answer.json, let code = json["errcode"]?.integer else {
      return .unclear("the answer is not DingTalk's")
    }
    let message = "errcode \(code): \(ChannelAnswer.quoted(json["errmsg"]?.string ?? ""))"
    switch code {
    case 0: return .delivered
    case -1: return .busy(message, retryAfter: answer.retryAfter)
    case 130_101, 410_100: return .busy(message, retryAfter: answer.retryAfter ?? penalty)
    default: return .refused(message)
    }
  }
}
