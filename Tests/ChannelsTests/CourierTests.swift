import JSON
import RawPeer
import Redaction
import Testing

@testable import Channels

/// Sending over an in-process service, and what is made of everything that can go wrong.
@Suite struct CourierTests {
  private static let token = "0f9e8d7c6b5a49382716"

  private static func channel(_ stub: ServiceStub, _ kind: ChannelKind, secret: String? = nil) throws -> Channel {
    try Channel(
      name: "ops", kind: kind, address: stub.address("/robot/send?access_token=\(token)"), secret: secret)
  }

  private static func courier(_ channel: Channel, clock: any ChannelClock = StandingClock()) -> Courier {
    Courier(FixedChannels(channels: [channel]), transport: HTTPChannelTransport(), clock: clock)
  }

  @Test func aMessageArrivesAsItWasWritten() async throws {
    let stub = try await ServiceStub.start(.answer(200, #"{"errcode":0,"errmsg":"ok"}"#))
    let channel = try Self.channel(stub, .dingtalk, secret: "SECkeyforagroup")
    let courier = Self.courier(channel)
    #expect(await courier.admit(to: "ops") == .granted)
    #expect(await courier.send(Message(id: "1", body: .text("two wait")), over: "ops") == .delivered(isCut: false))
    let received = try #require(stub.received.first)
    #expect(received.target.hasPrefix("/robot/send?access_token=\(Self.token)&timestamp=1793491200000&sign="))
    #expect(received.target.hasSuffix("sign=4750cEs%2FMeZ7yngI6x21Q4qEUvtMGmdLtUAEgVrfcSo%3D"))
    #expect(received.headers["content-type"] == "application/json; charset=utf-8")
    #expect(received.json == ["msgtype": "text", "text": ["content": "two wait"]])
    try await stub.stop()
  }

  @Test func whatIsSecretDoesNotLeave() async throws {
    let secret = "5f0c-a-secret-that-a-script-came-by"
    hide(secret: secret.utf8)
    let stub = try await ServiceStub.start(.answer(200, "{}"))
    let courier = Self.courier(try Self.channel(stub, .http))
    var message = Message(id: "1", title: "title \(secret)", body: .text("text \(secret)"), lines: ["line \(secret)"])
    _ = await courier.send(message, over: "ops")
    message.body = .markdown("**\(secret)**")
    _ = await courier.send(message, over: "ops")
    #expect(stub.received.count == 2)
    for received in stub.received {
      let body = String(decoding: received.body, as: UTF8.self)
      #expect(body.contains("title ") && body.contains("line ") && !body.contains(secret), "\(body)")
    }
    try await stub.stop()
  }

  @Test func whatIsSaidOfAnErrorHoldsNoAddress() async throws {
    let stub = try await ServiceStub.start(
      .answer(404, "nothing at /robot/send?access_token=\(Self.token)"), .hangUp,
      .answer(302, "", headers: ["location": "https://evil.example.com"]))
    let courier = Self.courier(try Self.channel(stub, .slack))
    var said: [String] = []
    for _ in 0..<3 { said.append("\(await courier.send(Message(id: "1", body: .text("x")), over: "ops"))") }
    #expect(said[0].contains("refused") && said[1].contains("unclear") && said[2].contains("redirects"))
    #expect(stub.received.count == 3)
    try await stub.stop()
    let deaf = Self.courier(
      try Channel(name: "ops", kind: .slack, address: "http://127.0.0.1:9/x?access_token=\(Self.token)"))
    said.append("\(await deaf.send(Message(id: "1", body: .text("x")), over: "ops"))")
    #expect(said[3].contains("notSent"))
    for text in said.dropFirst() { #expect(!text.contains("access_token"), "\(text)") }
  }

  @Test func anUnknownChannelNamesTheOthers() async throws {
    let courier = Courier(
      FixedChannels(channels: [try .sample(.slack, name: "b"), try .sample(.slack, name: "a")]),
      transport: HTTPChannelTransport())
    #expect(await courier.admit(to: "c") == .unknown(["a", "b"]))
    #expect(await courier.deliver(Message(id: "1"), over: "c") == .refused("there is no channel \"c\""))
  }

  @Test func channelsThatCannotBeHadAreSaidSo() async throws {
    let closed = ChannelError.closed("the vault is locked", hint: "unlock it")
    let courier = Courier(FixedChannels(failure: closed), transport: HTTPChannelTransport())
    #expect(await courier.admit(to: "ops") == .closed(closed))
    #expect(await courier.send(Message(id: "1"), over: "ops") == .notSent("the vault is locked", retryAt: nil))
  }

  // MARK: Pace

  @Test func aFloodIsSpread() async throws {
    let clock = StandingClock()
    let transport = ScriptedTransport(clock, .answer(200, #"{"errcode":0}"#))
    let courier = Courier(
      FixedChannels(channels: [try .sample(.dingtalk)]), transport: transport, clock: clock)
    for number in 1...60 {
      #expect(await courier.deliver(Message(id: "\(number)"), over: "ops") == .delivered(isCut: false))
    }
    let instants = transport.instants
    for index in 20..<60 { #expect(instants[index] - instants[index - 20] >= 60_000) }
  }

  @Test func twoNamesOfOneGroupShareItsPace() async throws {
    let courier = Courier(
      FixedChannels(channels: [try .sample(.slack, name: "a"), try .sample(.slack, name: "b")]),
      transport: HTTPChannelTransport(), clock: StandingClock())
    #expect(await courier.admit(to: "a") == .granted)
    #expect(await courier.admit(to: "b") == .later(start + 1000))
  }

  @Test func whoIsAskedToWaitWaits() async throws {
    let clock = StandingClock()
    let transport = ScriptedTransport(clock, .answer(429, "", ["retry-after": "30"]), .answer(200, "ok"))
    let courier = Courier(FixedChannels(channels: [try .sample(.slack)]), transport: transport, clock: clock)
    #expect(await courier.send(Message(id: "1"), over: "ops") == .notSent("HTTP 429", retryAt: start + 30_000))
    #expect(await courier.admit(to: "ops") == .later(start + 30_000))
    #expect(await courier.deliver(Message(id: "1"), over: "ops") == .delivered(isCut: false))
    #expect(transport.instants == [start, start + 30_000])
  }

  // MARK: Without a journal

  @Test func whatDidNotArriveIsTriedThreeTimes() async throws {
    let clock = StandingClock()
    let transport = ScriptedTransport(clock, .failure(.notConnected("no connection")))
    let courier = Courier(FixedChannels(channels: [try .sample(.feishu)]), transport: transport, clock: clock)
    #expect(await courier.deliver(Message(id: "1"), over: "ops") == .notSent("no connection", retryAt: nil))
    #expect(transport.requests.count == 3)
    #expect(transport.requests.allSatisfy { !$0.json.text().contains("may be repeated") })
  }

  @Test func whatMayHaveArrivedIsSentOnceMoreWithAMark() async throws {
    let clock = StandingClock()
    let transport = ScriptedTransport(clock, .failure(.unanswered("no answer")))
    let courier = Courier(FixedChannels(channels: [try .sample(.feishu)]), transport: transport, clock: clock)
    #expect(await courier.deliver(Message(id: "1"), over: "ops") == .unclear("no answer"))
    #expect(transport.requests.map { $0.json.text().contains("may be repeated") } == [false, true])
  }

  @Test func whatIsRefusedIsNotTriedAgain() async throws {
    let clock = StandingClock()
    let transport = ScriptedTransport(clock, .answer(200, #"{"code":19024,"msg":"Key Words Not Found"}"#))
    let courier = Courier(FixedChannels(channels: [try .sample(.feishu)]), transport: transport, clock: clock)
    #expect(
      await courier.deliver(Message(id: "1"), over: "ops") == .refused("code 19024: Key Words Not Found"))
    #expect(transport.requests.count == 1)
  }

  @Test func patienceHasAnEnd() async throws {
    let clock = StandingClock()
    let transport = ScriptedTransport(clock, .answer(200, #"{"errcode":410100,"errmsg":"too fast"}"#))
    let courier = Courier(FixedChannels(channels: [try .sample(.dingtalk)]), transport: transport, clock: clock)
    #expect(
      await courier.deliver(Message(id: "1"), over: "ops")
        == .notSent("errcode 410100: too fast", retryAt: start + 600_000))
    #expect(
      await courier.deliver(Message(id: "1"), over: "ops")
        == .notSent("its turn does not come in time", retryAt: start + 600_000))
    #expect(transport.requests.count == 1)
  }
}
