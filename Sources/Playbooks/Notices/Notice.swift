public import JSON
import Journal

/// A message to people, as a script asks for it (`notify.send`).
public struct Notice: Hashable, Sendable {
  /// Something that the message is about: a line under its text.
  public struct Line: Hashable, Sendable {
    public let subject: String
    public let title: String?
    let amount: Money?
    /// In milliseconds since 1970.
    let deadline: Milliseconds?
  }

  /// The channel's name.
  public let channel: String
  public let title: String?
  /// Text as it stands; nil where the message has ``markdown`` or none.
  public let text: String?
  /// Text with a few marks (docs/channels.md).
  public let markdown: String?
  public let subjects: [Line]

  /// The name of its step.
  public static let step = "notify.send"
  /// How many messages a run may send.
  public static let most = 100
  /// The largest text, in bytes; a service takes less, and cuts.
  static let largestText = 65_536
  /// How many subjects one message may list.
  static let mostSubjects = 200

  /// Reads what the language passes on, which is also what is journaled.
  init(_ fields: JSON) throws(ScriptFailure) {
    channel = fields["channel"]?.string ?? ""
    guard !channel.isEmpty else { throw ScriptFailure(.invalid, "notify.send: argument 1 must be a channel's name") }
    title = try Self.text("title", of: fields, largest: 1024)
    text = try Self.text("text", of: fields, largest: Self.largestText)
    markdown = try Self.text("markdown", of: fields, largest: Self.largestText)
    guard text == nil || markdown == nil else {
      throw ScriptFailure(.invalid, "notify.send: a message has text or markdown, not both")
    }
    let subjects = fields["subjects"]?.array ?? []
    guard subjects.count <= Self.mostSubjects else {
      throw ScriptFailure(
        .invalid, "notify.send: \(subjects.count) subjects are more than the \(Self.mostSubjects) of one message")
    }
    self.subjects = subjects.map(Line.init)
    guard title != nil || text != nil || markdown != nil || !subjects.isEmpty else {
      throw ScriptFailure(.invalid, "notify.send: the message is empty; it takes title, text or markdown, subjects")
    }
  }

  private static func text(_ name: String, of fields: JSON, largest: Int) throws(ScriptFailure) -> String? {
    guard let text = fields[name]?.string, !text.isEmpty else { return nil }
    guard text.utf8.count <= largest else {
      throw ScriptFailure(.invalid, "notify.send: \(name) has \(text.utf8.count) bytes, more than \(largest)")
    }
    return text
  }

  /// The message as it is journaled.
  public var json: JSON {
    var fields: JSONObject = ["channel": .string(channel)]
    fields["title"] = title.map(JSON.string)
    fields["text"] = text.map(JSON.string)
    fields["markdown"] = markdown.map(JSON.string)
    if !subjects.isEmpty { fields["subjects"] = .array(subjects.map(\.json)) }
    return .object(fields)
  }
}

extension Notice.Line {
  fileprivate init(_ fields: JSON) {
    let subject = Subject(fields)
    (self.subject, title, amount, deadline) = (subject.id, subject.title, subject.amount, subject.deadline)
  }

  fileprivate var json: JSON {
    var fields: JSONObject = ["id": .string(subject)]
    fields["title"] = title.map(JSON.string)
    fields["amount"] = amount?.json
    fields["deadline"] = deadline.map(JSON.integer)
    return .object(fields)
  }
}
