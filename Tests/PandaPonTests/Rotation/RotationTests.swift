import Redaction
import Catalogue
import JSON
import Marketplace
import Synchronization
import Testing

@testable import PandaPon

@Suite struct RotationTests {
  static let refused = ScriptedTransport.Reply.json(#"{"code":401,"msg":"sign error"}"#)

  /// A client over a script with an old secret that signs and a new one that is pending.
  struct Bench {
    let transport: ScriptedTransport
    let source: StagedCredentials
    let client: Client

    init(_ replies: ScriptedTransport.Reply..., pending: Bool = true) throws {
      transport = ScriptedTransport(replies)
      source = StagedCredentials(
        try CredentialStagesTests.credentials("old"),
        pending: pending ? try CredentialStagesTests.credentials("new") : nil)
      client = Client(
        profile: try testProfile(), credentials: source, transport: transport,
        surroundings: VirtualSurroundings().surroundings)
    }

    func call(write: Bool) async throws -> Outcome {
      let operation = testOperation(write ? "taobao.refunds.cancel" : "taobao.refunds.get")
      let arguments = try operation.arguments(from: ["refundId": "1"])
      return write ? await client.write(operation, arguments) : await client.read(operation, arguments)
    }

    var stages: [String] { CredentialStagesTests.names(source.stages) }
  }

  @Test(arguments: [false, true]) func theCurrentSecretSignsAsLongAsItIsTaken(write: Bool) async throws {
    let bench = try Bench(.success)
    guard case .ok = try await bench.call(write: write) else { return #expect(Bool(false)) }
    #expect(bench.transport.requests.count == 1)
    #expect(bench.stages == ["old", "new", "-"])
  }

  @Test(arguments: [false, true]) func thePendingOneIsTriedAfter401AndPromoted(write: Bool) async throws {
    let bench = try Bench(Self.refused, .success)
    guard case .ok = try await bench.call(write: write) else { return #expect(Bool(false)) }
    let requests = bench.transport.requests
    #expect(requests.count == 2)
    for name in ["nonce-str", "signature"] { #expect(Set(requests.compactMap { $0.header(name) }).count == 2) }
    #expect(bench.stages == ["new", "-", "old"])
  }

  @Test func aRefusalByTheBusinessShowsThatTheSecretIsTaken() async throws {
    let bench = try Bench(Self.refused, .json(#"{"code":409,"msg":"no","data":null}"#))
    guard case .rejected = try await bench.call(write: true) else { return #expect(Bool(false)) }
    #expect(bench.stages == ["new", "-", "old"])
  }

  /// A page of some proxy says nothing about a signature, and neither does 429.
  @Test func onlyTheAPIsOwnAnswerPromotes() async throws {
    let proxy = try Bench(Self.refused, .json("<html>", status: 404))
    _ = try await proxy.call(write: true)
    #expect(proxy.stages == ["old", "new", "-"])
    let limited = try Bench(Self.refused, .json("", status: 429, headers: [("Retry-After", "120")]))
    guard case .notSent(let failure) = try await limited.call(write: false) else { return #expect(Bool(false)) }
    #expect(failure.code == .rateLimited && limited.stages == ["old", "new", "-"])
  }

  @Test(arguments: [false, true]) func whereNoSecretIsTakenNothingIsPromoted(pending: Bool) async throws {
    let bench = try Bench(Self.refused, pending: pending)
    guard case .notSent(let failure) = try await bench.call(write: true) else { return #expect(Bool(false)) }
    #expect(failure.code == .unauthorized)
    #expect(failure.attempts == (pending ? 2 : 1))
    #expect(bench.stages == ["old", pending ? "new" : "-", "-"])
  }

  /// The vendor refuses the old secret at once; every call goes through all the same, and each reset is one promotion.
  @Test(.timeLimit(.minutes(5))) func tenThousandCallsSeeNothingOfThreeResets() async throws {
    let marketplace = try Marketplace(seed: 7)
    let account = marketplace.account
    let source = StagedCredentials(
      try Credentials(accessKey: account.accessKey, secret: SecretBytes(account.accessSecret.utf8)))
    let transport = InProcess(marketplace)
    let client = Client(
      profile: try Profile(name: "shop", baseURL: BaseURL(parsing: "http://127.0.0.1:1"), userID: account.userID),
      credentials: source, transport: transport)
    let operation = try #require(try Catalogue.embedded()["taobao.refunds.get"])
    let arguments = try operation.arguments(from: ["refundId": "1"])
    let total = 10_000
    let progress = Progress()
    await withTaskGroup { group in
      for _ in 0..<16 {
        group.addTask {
          while true {
            let number = progress.begun.add(1, ordering: .relaxed).oldValue
            guard number < total else { return }
            if [2500, 5000, 7500].contains(number) {
              // Noted before, then reset in the vendor's console, while others are on their way.
              let secret = "simulated-secret-reset-\(number)"
              guard let next = try? Credentials(accessKey: account.accessKey, secret: SecretBytes(secret.utf8)) else {
                return
              }
              source.stage(next)
              await marketplace.reset(secret: secret)
            }
            let outcome = await client.read(operation, arguments)
            // No such reverse order: the answer of one who was let in.
            guard case .rejected(let failure) = outcome, failure.apiCode == 404 else {
              progress.failures.withLock { $0.append("\(number): \(outcome)") }
              continue
            }
          }
        }
      }
    }
    #expect(progress.failures.withLock { $0 } == [])
    #expect(source.stages.pending == nil)
    let refused = transport.refused.load(ordering: .relaxed)
    #expect(refused >= 3 && refused <= 3 * 16 * 2, "\(refused) were refused and sent again")
  }

  @Test func callbacksOfAllStagesAreTaken() async throws {
    let source = StagedCredentials(
      try CredentialStagesTests.credentials("current"), pending: try CredentialStagesTests.credentials("pending"),
      previous: try CredentialStagesTests.credentials("previous"))
    let body = Array(#"{"messageType":"x"}"#.utf8)
    let verifier = CallbackVerifier(credentials: source)
    for name in ["current", "pending", "previous", "older"] {
      let code = CallbackVerifier.code(
        of: CallbackMessage(body: body), over: .body, by: try CredentialStagesTests.credentials(name))
      let base = try await verifier.base(signedBy: hexText(code, digits: "0123456789abcdef"), over: body)
      #expect(base == (name == "older" ? nil : .body), "\(name)")
    }
  }
}

/// How far the calls of a test are.
private final class Progress: Sendable {
  let begun = Atomic(0)
  let failures = Mutex<[String]>([])
}

/// The marketplace behind a transport, without a socket; counts what it refuses.
final class InProcess: Transport {
  let refused = Atomic(0)
  private let marketplace: Marketplace

  init(_ marketplace: Marketplace) {
    self.marketplace = marketplace
  }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    let response = await marketplace.respond(
      to: SimulatedRequest(
        method: request.method, path: request.target, headers: request.headers, body: request.body ?? []))
    if (try? JSON(parsing: response.body))?["code"] == 401 { refused.add(1, ordering: .relaxed) }
    return WireResponse(status: response.status, headers: response.headers, body: response.body)
  }
}
