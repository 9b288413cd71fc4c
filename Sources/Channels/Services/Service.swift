import JSON

/// One service: how a message is written for it, how often it may be sent to, and what its answers mean. Pure.
protocol Service {
  /// How many messages may follow each other at once, and how many may be sent a minute for ever.
  ///
  /// In any minute no more than the sum of both leave: that sum is at most what the service allows.
  static var pace: Pace { get }

  /// The request that carries a message.
  ///
  /// - Parameter now: milliseconds since 1970, for signatures.
  static func request(_ message: Message, to channel: Channel, now: Int64) -> ChannelRequest

  /// What an answer means whose status is between 200 and 299.
  static func judge(_ answer: ChannelAnswer) -> Verdict
}

/// How fast messages may follow each other.
struct Pace: Hashable {
  let burst: Int
  let perMinute: Int
}

extension ChannelKind {
  var service: any Service.Type {
    switch self {
    case .dingtalk: DingTalk.self
    case .feishu: Feishu.self
    case .wecom: WeCom.self
    case .slack: Slack.self
    case .http: Webhook.self
    }
  }
}

extension Channel {
  /// The request that carries a message over the channel.
  ///
  /// - Parameter now: milliseconds since 1970, for signatures.
  public func request(_ message: Message, now: Int64) -> ChannelRequest {
    kind.service.request(message, to: self, now: now)
  }

  /// What an answer of the channel's service means.
  public func judge(_ answer: ChannelAnswer) -> Verdict {
    answer.verdictByStatus ?? kind.service.judge(answer)
  }

  /// The message taken apart, with the service's keyword in it.
  func document(_ message: Message) -> Document {
    var document = Document(message)
    // Ahead of what may be cut.
    if let keyword, !document.contains(keyword) {
      document.blocks.insert(Document.Block(kind: .line, spans: [Document.Span(text: keyword)]), at: 0)
    }
    return document
  }
}

extension ChannelAnswer {
  /// The body as JSON; nil where it is none.
  var json: JSON? { try? JSON(parsing: body) }
}
