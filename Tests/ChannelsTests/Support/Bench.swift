import JSON
import Synchronization

@testable import Channels

/// 2026-11-01T00:00:00Z.
let start: Int64 = 1_793_491_200_000

/// A clock that stands still but for sleeps, which take no time.
final class StandingClock: ChannelClock {
  private let instant = Mutex(start)

  func now() -> Int64 { instant.withLock(\.self) }

  func sleep(for milliseconds: Int64) async throws {
    try Task.checkCancellation()
    instant.withLock { $0 += milliseconds }
  }
}

/// Channels that are there from the start.
struct FixedChannels: ChannelSource {
  var channels: [Channel] = []
  var failure: ChannelError?

  func names() async throws(ChannelError) -> [String] {
    if let failure { throw failure }
    return channels.map(\.name).sorted()
  }

  func channel(named name: String) async throws(ChannelError) -> Channel? {
    if let failure { throw failure }
    return channels.first { $0.name == name }
  }
}

/// Answers each exchange from a list, and keeps when it came.
final class ScriptedTransport: ChannelTransport {
  typealias Outcome = Result<ChannelAnswer, ChannelTransportError>

  private let state: Mutex<(outcomes: [Outcome], instants: [Int64], requests: [ChannelRequest])>
  private let clock: any ChannelClock

  init(_ clock: any ChannelClock, _ outcomes: Outcome...) {
    self.clock = clock
    state = Mutex((outcomes, [], []))
  }

  var instants: [Int64] { state.withLock(\.instants) }
  var requests: [ChannelRequest] { state.withLock(\.requests) }

  func exchange(_ request: ChannelRequest) async throws(ChannelTransportError) -> ChannelAnswer {
    let outcome = state.withLock { state in
      state.instants.append(clock.now())
      state.requests.append(request)
      return state.outcomes.count > 1 ? state.outcomes.removeFirst() : state.outcomes[0]
    }
    return try outcome.get()
  }
}

extension ScriptedTransport.Outcome {
  static func answer(_ status: Int, _ body: String, _ headers: [String: String] = [:]) -> Self {
    .success(ChannelAnswer(status: status, headers: headers, body: Array(body.utf8)))
  }
}

extension Channel {
  /// A channel of that kind at the service's usual address.
  static func sample(
    _ kind: ChannelKind, name: String = "ops", secret: String? = nil, keyword: String? = nil
  ) throws -> Channel {
    let address =
      switch kind {
      case .dingtalk: "https://oapi.dingtalk.com/robot/send?access_token=0a1b2c3d4e5f60718293a4b5"
      case .feishu: "https://open.feishu.cn/open-apis/bot/v2/hook/6f1a2b3c-0d4e-4f5a-8b9c-0d1e2f3a4b5c"
      case .wecom: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7000-4bc4-97a0-0ec2sifa5aaa"
      case .slack: "https://hooks.slack.com/services/T0AB1CD2E/B0FG3HI4J/kLmNoPqRsTuVwXyZ01234567"
      case .http: "https://alerts.example.com/ebb?token=0a1b2c3d4e5f"
      }
    return try Channel(name: name, kind: kind, address: address, secret: secret, keyword: keyword)
  }
}

extension ChannelRequest {
  var json: JSON { (try? JSON(parsing: body)) ?? .null }
}
