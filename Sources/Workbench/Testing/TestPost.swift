import JSON
import Playbooks
import Synchronization

/// The channels of a test: what is sent arrives at once, and is kept to be looked at.
final class TestPost: Notifier {
  /// The channels that there are; nil where any name is one.
  private let names: [String]?
  private let arrived = Mutex<[OutgoingNotice]>([])

  /// - Parameters:
  ///   - names: the channels; nil for any.
  ///   - earlier: the channels of the play before, whose messages stay.
  init(_ names: [String]?, after earlier: TestPost? = nil) {
    self.names = names
    let messages = earlier?.arrived.withLock(\.self) ?? []
    arrived.withLock { $0 = messages }
  }

  /// Every message, in the order in which they arrived: `{channel, title, text, markdown, lines, repeated}`.
  var messages: JSON {
    .array(
      arrived.withLock(\.self).map { message in
        var fields = message.notice.json
        fields["subjects"] = nil
        fields["lines"] = .array(message.lines.map(JSON.string))
        fields["repeated"] = .bool(message.isRepeated)
        return fields
      })
  }

  func channels() async -> [String]? { names }

  func admit(to channel: String) async -> NoticeAdmission {
    guard let names, !names.contains(channel) else { return .granted }
    return .unknown(names)
  }

  func send(_ notice: OutgoingNotice) async -> NoticeOutcome {
    arrived.withLock { $0.append(notice) }
    return .delivered(isCut: false)
  }
}
