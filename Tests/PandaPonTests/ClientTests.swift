import Catalogue
import JSON
import Logging
import Synchronization
import Testing

@testable import PandaPon

@Suite struct ClientTests {
  /// A client over a script, in virtual time.
  struct Bench {
    let virtual = VirtualSurroundings()
    let transport: ScriptedTransport
    let client: Client

    init(_ replies: ScriptedTransport.Reply..., profile: Profile? = nil) throws {
      transport = ScriptedTransport(replies)
      client = Client(
        profile: try profile ?? testProfile(), credentials: FixedCredentials(try testCredentials()),
        transport: transport, surroundings: virtual.surroundings)
    }

    func read(_ id: String = "taobao.refunds.get", _ arguments: JSON = ["refundId": "1"]) async throws -> Outcome {
      let operation = testOperation(id)
      return await client.read(operation, try operation.arguments(from: arguments))
    }

    func write(_ id: String = "taobao.refunds.cancel", _ arguments: JSON = ["refundId": "1"]) async throws -> Outcome {
      let operation = testOperation(id)
      return await client.write(operation, try operation.arguments(from: arguments))
    }
  }

  static func answer(_ outcome: Outcome) throws -> Answer {
    guard case .ok(let answer) = outcome else { throw outcome.failure ?? Failure(.invalid, "?", label: "?") }
    return answer
  }

  @Test func anAnswerIsDecodedByTheCatalogue() async throws {
    let answer = try Self.answer(try await Bench(.success).read())
    #expect(answer.data == ["refundId": "110000235001", "status": "-20"])
    #expect(answer.code == 200)
    #expect(answer.message == "成功")
    #expect(answer.requestID == "r1")
    #expect(answer.attempts == 1)
  }

  @Test func aReadIsRepeatedWithANewNonceTimestampAndSignature() async throws {
    let bench = try Bench(.error(.connectionLost), .json("", status: 503), .success)
    let answer = try Self.answer(try await bench.read())
    #expect(answer.attempts == 3)
    let requests = bench.transport.requests
    #expect(requests.count == 3)
    for name in ["nonce-str", "timestamp", "signature"] {
      #expect(Set(requests.compactMap { $0.header(name) }).count == 3, "\(name)")
    }
    #expect(bench.virtual.slept.count == 2)
  }

  @Test func aClientThatOnlyReadsCannotWrite() async throws {
    let bench = try Bench(.success)
    let reader: any Reader = bench.client.reader
    #expect(!(reader is any Writer))
    let cancel = testOperation("taobao.refunds.cancel")
    let outcome = await reader.read(cancel, try cancel.arguments(from: "1"))
    guard case .notSent(let failure) = outcome else { throw Failure(.invalid, "it was sent", label: "test") }
    #expect(failure.label == "write_as_read" && bench.transport.requests.isEmpty)
    let get = testOperation("taobao.refunds.get")
    _ = try Self.answer(await reader.read(get, try get.arguments(from: "1")))
  }

  @Test func aReadGivesUpInTheEnd() async throws {
    let bench = try Bench(.error(.connectionFailed("refused")))
    let outcome = try await bench.read()
    guard case .notSent(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
    #expect(failure.code == .unavailable)
    #expect(failure.attempts == 4)
    #expect(bench.transport.requests.count == 4)
  }

  /// A write is on the wire exactly once, whatever becomes of it, unless the answer says that it was not executed.
  @Test(arguments: [
    TransportError.timeout, .connectionLost, .answerTooLarge(limit: 1), .unclear("x"), .cancelled,
  ])
  func aWriteWhoseFateIsUnclearIsSentOnce(_ error: TransportError) async throws {
    let bench = try Bench(.error(error), .success)
    guard case .unknown(let failure) = try await bench.write() else { return #expect(Bool(false)) }
    #expect(failure.code == .inDoubt)
    #expect(bench.transport.requests.count == 1)
  }

  @Test(arguments: [
    TransportError.nameUnresolved("x"), .connectionFailed("x"), .connectionTimeout, .encryptionFailed("x"),
    .noConnection,
  ])
  func aWriteThatDidNotLeaveIsNotSent(_ error: TransportError) async throws {
    let bench = try Bench(.error(error), .success)
    guard case .notSent(let failure) = try await bench.write() else { return #expect(Bool(false)) }
    #expect(failure.code == .unavailable)
    #expect(bench.transport.requests.count == 1)
  }

  @Test(arguments: [(500, "x"), (502, "<html>"), (200, "<html>"), (200, "{"), (200, ""), (302, ""), (200, "{}")])
  func aWriteWithAnUnusableAnswerIsInDoubt(_ status: Int, _ body: String) async throws {
    let bench = try Bench(.json(body, status: status), .success)
    guard case .unknown(let failure) = try await bench.write() else { return #expect(Bool(false)) }
    #expect(failure.code == .inDoubt)
    #expect(bench.transport.requests.count == 1)
  }

  @Test(arguments: [429, 200])
  func aWriteIsSentAgainAfter429(_ status: Int) async throws {
    let bench = try Bench(
      .json(#"{"code":429,"msg":"slow down"}"#, status: status, headers: [("Retry-After", "3")]), .success)
    let answer = try Self.answer(try await bench.write())
    #expect(answer.attempts == 2)
    #expect(bench.virtual.slept.reduce(.zero, +) >= .seconds(3))
    let nonces = bench.transport.requests.compactMap { $0.header("nonce-str") }
    #expect(Set(nonces).count == 2)
  }

  @Test func aLongRetryAfterIsReturned() async throws {
    for write in [false, true] {
      let bench = try Bench(.json("", status: 429, headers: [("Retry-After", "120")]), .success)
      let outcome = write ? try await bench.write() : try await bench.read()
      guard case .notSent(let failure) = outcome else { return #expect(Bool(false)) }
      #expect(failure.code == .rateLimited)
      #expect(failure.retryAfter == .seconds(120))
      #expect(bench.transport.requests.count == 1)
      #expect(bench.virtual.slept.isEmpty)
    }
  }

  @Test func aRefusalOfTheKeyIsNotExecutedAndNotRepeated() async throws {
    for write in [false, true] {
      let bench = try Bench(.json(#"{"code":401,"msg":"sign error"}"#), .success)
      let outcome = write ? try await bench.write() : try await bench.read()
      guard case .notSent(let failure) = outcome else { return #expect(Bool(false)) }
      #expect(failure.code == .unauthorized)
      #expect(bench.transport.requests.count == 1)
    }
  }

  @Test func aBusinessRefusalIsRejected() async throws {
    let bench = try Bench(.json(#"{"code":409,"msg":"状态不允许","data":null}"#), .success)
    guard case .rejected(let failure) = try await bench.write() else { return #expect(Bool(false)) }
    #expect(failure.apiCode == 409)
    #expect(failure.attempts == 1)
    #expect(bench.transport.requests.count == 1)
  }

  /// `taobao.refunds.cancel` is a GET that writes: repeating it blindly could hide what it did.
  @Test func aWriteIsNeverSentAsARead() async throws {
    let bench = try Bench(.success)
    guard case .notSent(let failure) = try await bench.read("taobao.refunds.cancel") else {
      return #expect(Bool(false))
    }
    #expect(failure.code == .invalid)
    #expect(bench.transport.requests.isEmpty)
  }

  @Test func nothingLeavesWithoutAllowance() async throws {
    let bench = try Bench(.success, profile: try testProfile("https://api.pandapon.com"))
    guard case .notSent(let failure) = try await bench.write("taobao.orders.cancel", ["orderId": "1"]) else {
      return #expect(Bool(false))
    }
    #expect(failure.code == .refusedByPolicy)
    #expect(bench.transport.requests.isEmpty)
  }

  @Test func missingCredentialsSendNothing() async throws {
    struct None: CredentialSource {
      func credentials() async throws -> Credentials { throw CredentialsError.emptySecret }
    }
    let transport = ScriptedTransport([.success])
    let client = Client(profile: try testProfile(), credentials: None(), transport: transport)
    let operation = testOperation("taobao.refunds.get")
    let outcome = await client.read(operation, try operation.arguments(from: ["refundId": "1"]))
    guard case .notSent(let failure) = outcome else { return #expect(Bool(false)) }
    #expect(failure.code == .unauthorized)
    #expect(failure.hint?.contains("EBB_ACCESS_SECRET") == true)
    #expect(failure.attempts == 0)
    #expect(transport.requests.isEmpty)
  }

  @Test func theQuotaHoldsAndIsClosedBy429() async throws {
    let profile = try testProfile(quota: 2, retry: .once)
    let bench = try Bench(.success, .success, .success, .json("", status: 429), .success, profile: profile)
    for _ in 0..<3 { _ = try await bench.read() }
    #expect(bench.virtual.slept.map(\.milliseconds) == [500])
    _ = try await bench.read()
    _ = try await bench.read()
    #expect(bench.virtual.slept.map(\.milliseconds) == [500, 500, 1000])
  }

  @Test func cancellingWhileWaitingReturnsWhatIsKnown() async throws {
    let bench = try Bench(.json(#"{"code":429}"#), .success)
    bench.virtual.state.withLock { $0.cancelled = true }
    guard case .notSent(let failure) = try await bench.write() else { return #expect(Bool(false)) }
    #expect(failure.code == .rateLimited)
    #expect(bench.transport.requests.count == 1)
  }

  /// t0  the write is on its way      | the test waits for it to be
  /// t1                               | cancels the task, then lets the answer come
  /// t2  the answer is taken          |
  @Test func aWriteOnItsWayIsWaitedForThoughCancelled() async throws {
    let transport = GatedTransport()
    let client = Client(
      profile: try testProfile(), credentials: FixedCredentials(try testCredentials()), transport: transport)
    let operation = testOperation("taobao.refunds.cancel")
    let arguments = try operation.arguments(from: ["refundId": "1"])
    let task = Task { await client.write(operation, arguments) }
    await transport.arrival()
    task.cancel()
    transport.open()
    #expect(try Self.answer(await task.value).attempts == 1)
  }

  @Test func aWriteOfACancelledTaskIsNotSent() async throws {
    let bench = try Bench(.success)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await bench.write()
    }
    guard case .notSent(let failure) = try await task.value else { return #expect(Bool(false)) }
    #expect(failure.label == "cancelled")
    #expect(bench.transport.requests.isEmpty)
  }
}

/// A transport that answers when it is told to, and notices cancellation as the real one does.
private struct GatedTransport: Transport {
  private let arrivals = AsyncStream.makeStream(of: Void.self)
  private let gate = AsyncStream.makeStream(of: Void.self)

  func arrival() async {
    var iterator = arrivals.stream.makeAsyncIterator()
    _ = await iterator.next()
  }

  func open() {
    gate.continuation.yield()
  }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    arrivals.continuation.yield()
    var iterator = gate.stream.makeAsyncIterator()
    _ = await iterator.next()
    guard !Task.isCancelled else { throw .cancelled }
    return WireResponse(status: 200, body: Array(#"{"code":200,"data":{}}"#.utf8))
  }
}
