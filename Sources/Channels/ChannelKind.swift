/// The services that a channel may lead to.
public enum ChannelKind: String, Hashable, Sendable, CaseIterable {
  /// A custom robot of a DingTalk group (钉钉自定义机器人).
  case dingtalk
  /// A custom bot of a Feishu or Lark group (飞书自定义机器人).
  case feishu
  /// A robot of a WeCom group (企业微信群机器人).
  case wecom
  /// An incoming webhook of Slack, or of a service that takes the same.
  case slack
  /// Any HTTP endpoint that takes a JSON document.
  case http

  /// Reads a kind as people write it: capitals do not matter, and `lark` is `feishu`.
  public init?(_ word: String) {
    let word = word.lowercased()
    guard let kind = word == "lark" ? Self.feishu : Self(rawValue: word) else { return nil }
    self = kind
  }

  /// Whether the service can check a signature made with a secret of the channel.
  public var signs: Bool {
    switch self {
    case .dingtalk, .feishu, .http: true
    case .wecom, .slack: false
    }
  }

  /// Where a person finds the address.
  public var whereToFind: String {
    switch self {
    case .dingtalk: "DingTalk: group settings, robots, add a custom robot; take its Webhook, and under 加签 its secret"
    case .feishu: "Feishu: group settings, bots, add a custom bot; take its webhook, and under 签名校验 its secret"
    case .wecom: "WeCom: the group's menu, add a group robot; take its webhook address"
    case .slack: "Slack: an app with incoming webhooks; take the webhook's URL"
    case .http: "the address that takes POST requests with a JSON document; a secret signs them"
    }
  }
}
