import Catalogue
import JSON
import Marketplace
import Redaction
import Testing

@testable import PandaPon

/// The client against the simulator, which shares nothing with it but the catalogue: two readings of the wire must
/// agree on the signature, the path, the query and the body of every operation.
@Suite(.timeLimit(.minutes(5))) struct SimulatorTests {
  static func with<Result>(
    faults: String? = nil, _ body: (Client, Catalogue) async throws -> Result
  ) async throws -> Result {
    var options = SimulatorOptions()
    if let faults { options.faults = try FaultPlan(parsing: faults) }
    let simulator = try await SimulatorServer.start(options)
    let transport = HTTPTransport()
    let account = simulator.account
    let profile = try Profile(
      name: "simulator", baseURL: BaseURL(parsing: simulator.baseURL), userID: account.userID,
      retry: RetryPolicy(base: .milliseconds(1), cap: .milliseconds(2)))
    let credentials = try Credentials(
      accessKey: account.accessKey, secret: SecretBytes(account.accessSecret.utf8))
    let client = Client(profile: profile, credentials: FixedCredentials(credentials), transport: transport)
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(client, Catalogue.embedded()))
    } catch {
      result = .failure(error)
    }
    try await transport.shutdown()
    await simulator.stop()
    return try result.get()
  }

  /// The examples' ids need not exist in the world, so a refusal by the business is an answer too; a refusal of the
  /// signature, or of a path that is not served, is not.
  @Test func everyOperationIsUnderstood() async throws {
    try await Self.with { client, catalogue in
      var sent = 0
      for operation in catalogue.operations where operation.effect != .event {
        let example = try #require(operation.exampleArguments, "\(operation.id)")
        let arguments = try operation.arguments(from: example)
        let outcome =
          operation.effect == .read
          ? await client.read(operation, arguments) : await client.write(operation, arguments)
        sent += 1
        switch outcome {
        case .ok(let answer): #expect(answer.attempts == 1, "\(operation.id)")
        case .rejected(let failure):
          #expect(failure.apiCode != nil && failure.apiCode != 401, "\(operation.id): \(failure)")
          #expect(failure.message.contains("path") == false, "\(operation.id): \(failure)")
        case .notSent(let failure), .unknown(let failure): Issue.record("\(operation.id): \(failure)")
        }
      }
      #expect(sent == 72)
    }
  }

  @Test func aHostilePathValueArrivesAsItIs() async throws {
    try await Self.with { client, catalogue in
      let operation = try #require(catalogue["taobao.refunds.get"])
      for id in ["../1", "a/b", "逆向单?x=1#y", "100%41"] {
        let outcome = await client.read(operation, try operation.arguments(from: ["refundId": .string(id)]))
        guard case .rejected(let failure) = outcome else {
          Issue.record("\(id): \(outcome)")
          continue
        }
        #expect(failure.code == .notFound)
      }
    }
  }

  @Test(arguments: [
    ("server-error:2", "ok", 3), ("rate-limit=0:1", "ok", 2), ("reset-before:1", "ok", 2), ("truncate:1", "ok", 2),
    ("html", "html_answer", 1),
  ])
  func readsOutliveFaults(_ faults: String, _ expected: String, _ attempts: Int) async throws {
    try await Self.with(faults: faults) { client, catalogue in
      let operation = try #require(catalogue["taobao.refunds.list"])
      let example = try #require(operation.exampleArguments)
      switch await client.read(operation, try operation.arguments(from: example)) {
      case .ok(let answer): #expect(expected == "ok" && answer.attempts == attempts)
      case let outcome: #expect(outcome.failure?.label == expected)
      }
    }
  }

  /// Whether the world changed or not, the client cannot know; what it must not do is ask twice.
  @Test(arguments: [
    "reset-before", "reset-after", "server-error", "server-error-after", "truncate", "html", "html-after",
  ])
  func aWriteInAStormIsInDoubtAndSentOnce(_ fault: String) async throws {
    try await Self.with(faults: fault) { client, catalogue in
      let operation = try #require(catalogue["taobao.refunds.cancel"])
      let arguments = try operation.arguments(from: try #require(operation.exampleArguments))
      guard case .unknown(let failure) = await client.write(operation, arguments) else {
        Issue.record("\(fault) was not taken for unknown")
        return
      }
      #expect(failure.code == .inDoubt)
      #expect(failure.attempts == 1)
    }
  }

  @Test(arguments: ["rate-limit=0:1", "rate-limit-code:1"])
  func aWriteThatWasNotExecutedIsSentAgain(_ fault: String) async throws {
    try await Self.with(faults: fault) { client, catalogue in
      let operation = try #require(catalogue["taobao.refunds.cancel"])
      switch await client.write(operation, try operation.arguments(from: ["refundId": "1"])) {
      case .ok(let answer): #expect(answer.attempts == 2)
      case .rejected(let failure): #expect(failure.attempts == 2 && failure.code == .notFound)
      case let outcome: Issue.record("\(outcome)")
      }
    }
  }
}
