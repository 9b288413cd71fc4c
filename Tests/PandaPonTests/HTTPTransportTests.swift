import PandaPon
import Synchronization
import Testing

/// The real HTTP client against a real server on this machine that misbehaves.
@Suite(.timeLimit(.minutes(5))) struct HTTPTransportTests {
  static func with<Result>(
    answerLimit: Int = 1_000_000, encrypted: Bool = false, resetting: Bool = false,
    _ body: (HTTPTransport, MisbehavingServer) async throws -> Result
  ) async throws -> Result {
    let server = try await MisbehavingServer.start(encrypted: encrypted, resetting: resetting)
    let transport = HTTPTransport(connectTimeout: .seconds(5), answerLimit: answerLimit)
    do {
      let result = try await body(transport, server)
      try await transport.shutdown()
      try await server.stop()
      return result
    } catch {
      try await transport.shutdown()
      try await server.stop()
      throw error
    }
  }

  @Test func carriesARequestAndItsAnswer() async throws {
    try await Self.with { transport, server in
      let response = try await transport.exchange(server.request(.echo, body: "中文"), deadline: .seconds(10))
      #expect(response.status == 200)
      #expect(response.header("x-served-by") == "test")
      let sent = String(decoding: response.body, as: UTF8.self)
      #expect(sent.hasPrefix("POST /echo?a=%2F HTTP/1.1\r\n"))
      #expect(sent.lowercased().contains("\r\nx-test: 1\r\n"))
      #expect(sent.hasSuffix("\r\n\r\n中文"))
    }
  }

  @Test func connectionsAreUsedAgain() async throws {
    try await Self.with { transport, server in
      for _ in 0..<5 { _ = try await transport.exchange(server.request(.keepAlive), deadline: .seconds(10)) }
      #expect(server.counts.withLock { $0.connections } == 1)
      #expect(server.counts.withLock { $0.requests.count } == 5)
    }
  }

  @Test func aTransportMayJustBeLetGo() async throws {
    let server = try await MisbehavingServer.start()
    let response = try await HTTPTransport().exchange(server.request(.keepAlive), deadline: .seconds(10))
    #expect(response.status == 200)
    try await server.stop()
  }

  @Test func redirectsAreNotFollowed() async throws {
    try await Self.with { transport, server in
      let response = try await transport.exchange(server.request(.redirect), deadline: .seconds(10))
      #expect(response.status == 302)
      #expect(response.header("location")?.hasSuffix("/ok") == true)
      #expect(server.counts.withLock { $0.requests.count } == 1)
    }
  }

  /// The request was there, the answer was not: nobody can tell what it did.
  @Test(arguments: [
    (MisbehavingServer.Behaviour.resetAfterReading, "connection_lost"), (.truncated, "connection_lost"),
    (.truncatedChunks, "connection_lost"), (.silent, "timeout"), (.stalled, "timeout"),
    (.hugeLength, "answer_too_large"), (.huge, "answer_too_large"),
  ])
  func whatBreaksAfterSendingIsUnknown(_ behaviour: MisbehavingServer.Behaviour, _ label: String) async throws {
    try await Self.with { transport, server in
      let deadline: Duration = label == "timeout" ? .milliseconds(500) : .seconds(20)
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(server.request(behaviour), deadline: deadline)
      }
      #expect(!error.isNotSent)
      #expect(error.label == label)
      // On a busy machine the time may be over before the request is there; twice it never is.
      let requests = server.counts.withLock { $0.requests.count }
      #expect(requests == 1 || label == "timeout" && requests == 0)
    }
  }

  @Test func anAnswerThatIsNotHTTPIsUnknown() async throws {
    try await Self.with { transport, server in
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(server.request(.garbage), deadline: .seconds(10))
      }
      #expect(!error.isNotSent)
    }
  }

  @Test func aHugeAnswerIsNotTakenIn() async throws {
    try await Self.with(answerLimit: 2_000_000) { transport, server in
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(server.request(.huge), deadline: .seconds(20))
      }
      #expect(error == .answerTooLarge(limit: 2_000_000))
      #expect(error.description.contains("2 MB"))
      // What was under way in buffers is all that was sent of the 200 MB.
      #expect(server.counts.withLock { $0.sent } < 40_000_000)
    }
  }

  @Test func aResetBeforeReadingIsNotTakenForUnsent() async throws {
    try await Self.with(resetting: true) { transport, server in
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(server.request(.ok), deadline: .seconds(10))
      }
      #expect(!error.isNotSent)
    }
  }

  @Test func aRefusedConnectionIsNotSent() async throws {
    try await Self.with { transport, server in
      try await MisbehavingServer.start().stop()
      let closed = try await MisbehavingServer.start()
      try await closed.stop()
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(closed.request(.ok), deadline: .seconds(10))
      }
      #expect(error.isNotSent)
      #expect(error.label == "connect")
      #expect(error.description.contains("connection refused"))
    }
  }

  @Test func anUnknownNameIsNotSent() async throws {
    try await Self.with { transport, server in
      let error = try await #require(throws: TransportError.self) {
        let request = WireRequest(
          method: "GET", baseURL: try BaseURL(parsing: "https://no-such-host.invalid"), path: "/")
        _ = try await transport.exchange(request, deadline: .seconds(10))
      }
      #expect(error.isNotSent)
      #expect(["dns", "connect", "connect_timeout"].contains(error.label))
    }
  }

  @Test func aCertificateNobodyVouchesForIsNotTrusted() async throws {
    try await Self.with(encrypted: true) { transport, server in
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(server.request(.ok, scheme: "https", host: "localhost"), deadline: .seconds(10))
      }
      #expect(error.isNotSent)
      #expect(error.label == "tls")
      #expect(error.description.contains("not trusted"))
      #expect(server.counts.withLock { $0.requests.isEmpty })
    }
  }

  @Test func aServerWithoutTLSIsSaidToBeOne() async throws {
    try await Self.with { transport, server in
      let error = try await #require(throws: TransportError.self) {
        try await transport.exchange(server.request(.ok, scheme: "https"), deadline: .seconds(10))
      }
      #expect(error.isNotSent)
      #expect(error.label == "tls")
    }
  }

  @Test func anUnsendableHeaderIsNotSent() async throws {
    try await Self.with { transport, server in
      let error = try await #require(throws: TransportError.self) {
        var request = try server.request(.ok)
        request.headers.append(("x-bad", "a\r\nb"))
        _ = try await transport.exchange(request, deadline: .seconds(10))
      }
      #expect(error.isNotSent && !error.isTransient)
    }
  }

  @Test func aCancelledTaskSendsNothing() async throws {
    try await Self.with { transport, server in
      let request = try server.request(.ok)
      let task = Task { () -> TransportError? in
        withUnsafeCurrentTask { $0?.cancel() }
        do throws(TransportError) {
          _ = try await transport.exchange(request, deadline: .seconds(10))
          return nil
        } catch {
          return error
        }
      }
      #expect(await task.value == .cancelledBeforeSending)
      #expect(server.counts.withLock { $0.requests.isEmpty })
    }
  }

  @Test func everyErrorSaysWhatToDo() {
    let all: [TransportError] = [
      .nameUnresolved("h"), .connectionFailed("x"), .connectionTimeout, .encryptionFailed("x"), .noConnection,
      .unsendable("x"), .timeout, .connectionLost, .answerTooLarge(limit: 1), .cancelled, .cancelledBeforeSending,
      .unclear("x"),
    ]
    for error in all {
      #expect(!error.description.isEmpty && !error.hint.isEmpty && !error.label.isEmpty)
    }
    #expect(Set(all.map(\.label)).count == all.count - 1)
  }
}
