import Catalogue
import Glibc
import JSON
import Logging
import Redaction
import Synchronization
import Testing

@testable import PandaPon

/// G19: the secret is in no text that leaves the room, in no encoding.
@Suite struct SecretTests {
  /// The secret of the tests as it could stand in a text; the encoded forms were made with Python.
  static let forms = [
    testSecret, "q7Wd0Zr3Xv9Lk2Tb8Nf5Hs1Jm6Pc4Gy%2B", "cTdXZDBacjNYdjlMazJUYjhOZjVIczFKbTZQYzRHeSs",
    "71375764305A72335876394C6B325462384E66354873314A6D3650633447792B",
    "71375764305a72335876394c6b325462384e66354873314a6d3650633447792b",
  ]

  static func holdsSecret(_ text: String) -> Bool {
    forms.contains { text.contains($0) }
  }

  @Test func nothingPrintsTheSecret() throws {
    let credentials = try testCredentials()
    let box = SecretBox(testSecret, of: "taobao.orders.imLink", key: credentials.secret)
    let profile = try testProfile()
    let client = Client(
      profile: profile, credentials: FixedCredentials(credentials), transport: ScriptedTransport([.success]))
    for value in [credentials, credentials.secret, box, FixedCredentials(credentials), profile, client] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      let texts = [String(describing: value), String(reflecting: value), "\(value)", dumped]
      for text in texts { #expect(!Self.holdsSecret(text), "\(text)") }
    }
    #expect("\(credentials)" == "Credentials(58c0…)")
    #expect("\(credentials.secret)" == "[secret]")
    #expect(Array(Mirror(reflecting: credentials).children).isEmpty)
  }

  @Test func aRequestDoesNotPrintItsHeaders() throws {
    let request = try RequestBuilderTests.request("taobao.refunds.get", ["refundId": "7"])
    var dumped = ""
    dump(request, to: &dumped)
    for text in ["\(request)", String(reflecting: request), dumped] {
      #expect(!text.contains("9A7C396504CA1F455009674B964E5FCF"))
      #expect(!text.contains("58c0201dfdf148eca63cbf6bb5e7cf03"))
    }
  }

  /// A server that throws the secret back in every place it can, and a log at its lowest level.
  @Test(arguments: [
    (200, #"{"code":400,"msg":"bad \#(testSecret)","requestId":"\#(testSecret)"}"#),
    (401, #"{"code":401,"msg":"expected md5 of 58c0201dfdf148eca63cbf6bb5e7cf031715669977082\#(testSecret)"}"#),
    (429, #"{"code":429,"msg":"cTdXZDBacjNYdjlMazJUYjhOZjVIczFKbTZQYzRHeSs="}"#),
    (500, #"{"code":500,"msg":"q7Wd0Zr3Xv9Lk2Tb8Nf5Hs1Jm6Pc4Gy%2B"}"#),
    (302, ""), (200, #"{"code":200,"data":{"\#(testSecret)":tru}}"#), (200, testSecret),
  ])
  func noFailureOrLogHoldsIt(_ status: Int, _ body: String) async throws {
    let log = Mutex<[String]>([])
    let handler = RedactingLogHandler(CollectingLogHandler { line in log.withLock { $0.append(line) } })
    let transport = ScriptedTransport([
      .json(body, status: status, headers: [("location", "https://x.example/\(testSecret)")])
    ])
    let client = Client(
      profile: try testProfile(), credentials: FixedCredentials(try testCredentials()), transport: transport,
      surroundings: VirtualSurroundings().surroundings, logger: Logger(label: "test") { _ in handler })
    let operation = testOperation("taobao.refunds.get")
    let outcome = await client.read(operation, try operation.arguments(from: ["refundId": "1"]))
    let failure = try #require(outcome.failure)
    var dumped = ""
    dump(outcome, to: &dumped)
    let lines = log.withLock { $0 }
    #expect(!lines.isEmpty)
    for text in lines + [
      dumped, "\(failure)", failure.message, failure.hint ?? "", failure.requestID ?? "", failure.label,
    ] {
      #expect(!Self.holdsSecret(text), "\(text)")
      #expect(!text.contains("58c0201dfdf148eca63cbf6bb5e7cf03"))
    }
  }

  @Test func configurationErrorsDoNotRepeatIt() throws {
    _ = try testCredentials()
    let errors: [any Error] = [
      try #require(throws: BaseURLError.self) { try BaseURL(parsing: testSecret) },
      try #require(throws: SigningRecipeError.self) { try SigningTemplate(parsing: "{\(testSecret)}") },
      try #require(throws: SigningRecipeError.self) { try SigningRecipe.Digest(parsing: testSecret) },
      try #require(throws: AllowanceError.self) { try Allowance(parsing: [testSecret]) },
      try #require(throws: ProfileError.self) { try testProfile(paths: ["a.b": testSecret]) },
    ]
    for error in errors {
      #expect(!Self.holdsSecret("\(error)") && !Self.holdsSecret(String(reflecting: error)))
    }
  }

  @Test func theLogHandlerCleansEverything() throws {
    _ = try testCredentials()
    let log = Mutex<[String]>([])
    var handler = RedactingLogHandler(CollectingLogHandler { line in log.withLock { $0.append(line) } })
    handler.logLevel = .trace
    handler[metadataKey: "own"] = "\(testSecret)"
    handler.metadata["more"] = .array([.string(testSecret), .stringConvertible(testSecret)])
    handler.metadataProvider = Logger.MetadataProvider { ["provided": .string(testSecret)] }
    let logger = Logger(label: "test") { _ in handler }
    struct Leak: Error { var text = testSecret }
    logger.error(
      "see \(testSecret)", error: Leak(), metadata: ["a": ["b": .string(testSecret)], .init(testSecret): "x"])
    let line = try #require(log.withLock { $0.first })
    #expect(!Self.holdsSecret(line), "\(line)")
    #expect(line.contains("provided") && line.contains("own") && line.contains("more") && line.contains("[secret]"))
  }

  @Test func secretsOfAnswersBecomeHandles() async throws {
    let link = "https://distributor.taobao.global/apps/open/imchat?loginToken=abc"
    let bench = try ClientTests.Bench(.json(#"{"code":200,"data":"\#(link)"}"#))
    let first = try ClientTests.answer(try await bench.read("taobao.orders.imLink", [:]))
    let second = try ClientTests.answer(try await bench.read("taobao.orders.imLink", [:]))
    let box = try #require(first.secrets.first)
    #expect(first.data == .string(box.handle))
    #expect(box.handle.hasPrefix("secret:taobao.orders.imLink:"))
    #expect(second.data == first.data)
    #expect(box.open { String(decoding: $0, as: UTF8.self) } == link)
    #expect(!"\(first)".contains("loginToken"))
  }

  @Test func theAccountsOwnSecretNeverReachesAScript() async throws {
    let bench = try ClientTests.Bench(
      .json(
        #"{"code":200,"data":{"status":"x\#(testSecret)y","other":["a",{"b":"\#(testSecret)"}],"links":[{"url":"u"}]}}"#
      ))
    let answer = try ClientTests.answer(try await bench.read())
    #expect(answer.secrets.count == 3)
    #expect(!Self.holdsSecret(answer.data.text()))
    #expect(answer.data["other"]?[0] == "a")
    #expect(answer.data[pointer: "/links/0/url"]?.string?.hasPrefix("secret:taobao.refunds.get:") == true)
  }

  @Test(arguments: [
    ("", "x", "access_key_empty"), ("a b", "x", "access_key_unusable"), ("键", "x", "access_key_unusable"),
    ("k\n", "x", "access_key_unusable"), ("k", "", "secret_empty"), ("k", "x\n", "secret_blank"),
    ("k", " x", "secret_blank"),
  ])
  func refusesUnusableCredentials(_ key: String, _ secret: String, _ label: String) throws {
    let error = try #require(throws: CredentialsError.self) {
      try Credentials(accessKey: key, secret: SecretBytes(unregistered: secret.utf8))
    }
    #expect(error.label == label)
    #expect(!error.hint.isEmpty && !error.description.isEmpty)
  }

  @Test func secretsCompareByValue() {
    func bytes(_ text: String) -> SecretBytes { SecretBytes(unregistered: text.utf8) }
    #expect(SecretBytes.same(bytes("abc"), bytes("abc")))
    #expect(!SecretBytes.same(bytes("abc"), bytes("abd")))
    #expect(!SecretBytes.same(bytes("abc"), bytes("ab")))
  }

  @Test func readsAnEnvironmentVariable() {
    #expect(SecretBytes(environment: "EBB_TEST_THIS_IS_NOT_SET") == nil)
    setenv("EBB_TEST_SECRET_VARIABLE", "of a test, not secret", 1)
    defer { unsetenv("EBB_TEST_SECRET_VARIABLE") }
    let secret = SecretBytes(environment: "EBB_TEST_SECRET_VARIABLE")
    #expect(secret?.withBytes { String(decoding: $0, as: UTF8.self) } == "of a test, not secret")
  }
}

private struct CollectingLogHandler: LogHandler {
  let write: @Sendable (String) -> Void
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel = Logger.Level.trace

  init(write: @escaping @Sendable (String) -> Void) {
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    write("\(event.message) \(metadata) \(event.metadata ?? [:]) \(event.error.map { String(reflecting: $0) } ?? "")")
  }
}
