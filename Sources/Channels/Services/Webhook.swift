import JSON

/// Any endpoint that takes a JSON document: `{ebb, id, channel, title, text, markdown, lines, repeated, cut, sent}`.
///
/// What scripts wrote comes as it is: it is a machine's to read, and nothing in it was taken out. `text` has all of the
/// message without marks; a message that is too large comes without `markdown` and `lines`. With a secret, `x-ebb-signature` is `sha256=` and the hex of HMAC-SHA256 over `x-ebb-timestamp`
/// (ms), a full stop and the body. Every status from 200 to 299 is a yes.
enum Webhook: Service {
  static let pace = Pace(burst: 10, perMinute: 120)
  private static let limit = 256_000

  static func request(_ message: Message, to channel: Channel, now: Int64) -> ChannelRequest {
    let whole = channel.document(message)
    var (body, isCut) = (Self.body(whole, message, channel, now: now, isCut: false, hasForms: true), false)
    if body.count > limit {
      // All is in `text` as well: the other forms go before anything of it does.
      let part = whole.cut { Self.body($0, message, channel, now: now, isCut: true, hasForms: false).count <= limit }
      isCut = part.isCut
      body = Self.body(part.document, message, channel, now: now, isCut: isCut, hasForms: false)
    }
    var headers = ["x-ebb-timestamp": String(now), "x-ebb-message": message.id]
    if let secret = channel.secret?.text {
      let code = Signature.hmac(Array("\(now).".utf8) + body, key: secret)
      headers["x-ebb-signature"] = "sha256=\(Signature.hexadecimal(code))"
    }
    return ChannelRequest(url: channel.address.secret, headers: headers, body: body, isCut: isCut)
  }

  private static func body(
    _ document: Document, _ message: Message, _ channel: Channel, now: Int64, isCut: Bool, hasForms: Bool
  ) -> [UInt8] {
    var members: JSONObject = ["ebb": 1, "id": .string(message.id), "channel": .string(channel.name)]
    members["title"] = document.title.map(JSON.string)
    members["text"] = .string(document.blocks.map(\.plainText).joined(separator: "\n"))
    if hasForms {
      if case .markdown(let markdown)? = message.body { members["markdown"] = .string(markdown) }
      if !message.lines.isEmpty { members["lines"] = .array(message.lines.map(JSON.string)) }
    }
    members["repeated"] = .bool(message.isRepeated)
    members["cut"] = .bool(isCut)
    members["sent"] = .integer(now)
    return JSON.object(members).bytes()
  }

  static func judge(_ answer: ChannelAnswer) -> Verdict { .delivered }
}
