import Redaction

/// What is to be said to people, whatever the service: the same for all of them.
public struct Message: Hashable, Sendable {
  /// How the body is to be read.
  public enum Body: Hashable, Sendable {
    /// As it stands.
    case text(String)
    /// A few marks of Markdown: `# `, `- `, `> `, `**bold**`, `` `code` ``, `[label](https://…)`; `\` before a mark takes
    /// its meaning.
    case markdown(String)
  }

  /// Made by whoever sends, the same when the message is sent again: an HTTP endpoint may recognise a repetition by it.
  public let id: String
  /// A line that says what it is about.
  public var title: String?
  public var body: Body?
  /// A list under the body: plain text, one line each.
  public var lines: [String]
  /// Whether it may have been delivered before; it says so then.
  public var isRepeated = false

  /// A message of those parts.
  public init(id: String, title: String? = nil, body: Body? = nil, lines: [String] = []) {
    self.id = id
    self.title = title
    self.body = body
    self.lines = lines
  }

  /// The message without anything secret: whoever reads a group may read it.
  func redacted() -> Message {
    var message = self
    message.title = title.map(redact)
    message.body = body.map { body in
      switch body {
      case .text(let text): .text(redact(text))
      case .markdown(let text): .markdown(redact(text))
      }
    }
    message.lines = lines.map(redact)
    return message
  }

  /// What a message says that may have come before.
  static let repetition = "(may be repeated · 可能重复)"
  /// What a message says that did not fit.
  static let cut = "… (cut · 已截断)"
}
