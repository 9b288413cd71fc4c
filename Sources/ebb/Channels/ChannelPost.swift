import Channels
import Playbooks

/// Sends the messages of runs over the channels of the vault.
actor ChannelPost: Notifier {
  private let source: VaultChannels
  /// Made when the first message leaves: most runs send none.
  private var office: (courier: Courier, transport: HTTPChannelTransport)?

  init(_ source: VaultChannels) {
    self.source = source
  }

  /// Closes all connections.
  func close() async {
    await office?.transport.shutdown()
    office = nil
  }

  func channels() async -> [String]? { try? await source.names() }

  func admit(to channel: String) async -> NoticeAdmission {
    switch await courier.admit(to: channel) {
    case .granted: .granted
    case .later(let instant): .later(instant)
    case .unknown(let channels): .unknown(channels)
    case .closed(let error): .closed(error.description)
    }
  }

  func send(_ notice: OutgoingNotice) async -> NoticeOutcome {
    switch await courier.send(Message(notice), over: notice.notice.channel) {
    case .delivered(let isCut): .delivered(isCut: isCut)
    case .refused(let reason): .refused(reason)
    case .notSent(let reason, let instant): .notSent(reason, retryAt: instant)
    case .unclear(let reason): .unclear(reason)
    }
  }

  private var courier: Courier {
    if let office { return office.courier }
    let transport = HTTPChannelTransport()
    let courier = Courier(source, transport: transport)
    office = (courier, transport)
    return courier
  }
}

extension Message {
  /// A script's message on its way out.
  init(_ notice: OutgoingNotice) {
    let body = notice.notice.markdown.map(Message.Body.markdown) ?? notice.notice.text.map(Message.Body.text)
    self.init(id: notice.id, title: notice.notice.title, body: body, lines: notice.lines)
    isRepeated = notice.isRepeated
  }
}
