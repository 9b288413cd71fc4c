import Catalogue
import JSON
import Testing

@testable import PandaPon

@Suite struct AccountTestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rules: StrictAPI.Rules
    let label: String
    let requests: Int

    init(_ name: String, _ label: String, _ requests: Int, _ change: (inout StrictAPI.Rules) -> Void) {
      var rules = StrictAPI.Rules()
      change(&rules)
      (testDescription, self.rules, self.label, self.requests) = (name, rules, label, requests)
    }
  }

  static let cases: [Case] = [
    Case("all is well", "accepted", 1) { _ in },
    Case("seconds", "accepted", 2) { $0.recipe.timestamp = .seconds },
    Case("another user", "user_id", 3) { $0.userID = "1" },
    Case("a clock that is behind", "clock", 2) { $0.ahead = 700_000 },
    Case("a clock that is ahead", "clock", 2) { $0.ahead = -700_000 },
    Case("a little off", "accepted", 1) { $0.ahead = 500_000 },
    Case("another secret", "signature", 5) { $0.secret = "another-secret-of-the-same-account" },
    Case("another recipe", "signature", 5) { $0.recipe.digest = .sha256 },
    Case("another key", "key_or_signature", 5) { $0.accessKey = "another" },
    Case("one that tells nothing", "key_or_signature", 5) {
      $0.secret = "another-secret-of-the-same-account"
      $0.unknownKey = $0.wrongSignature
    },
    Case("no network", "network", 1) { $0.error = .nameUnresolved("api.example.com") },
  ]

  static func report(_ rules: StrictAPI.Rules) async throws -> (AccountReport, [WireRequest]) {
    let virtual = VirtualSurroundings()
    let api = StrictAPI(rules, now: virtual.surroundings.now)
    let operation = testOperation("taobao.refunds.get")
    let report = await AccountTest(
      try testProfile(), try testCredentials(), asking: operation, try operation.arguments(from: ["refundId": "1"]),
      over: api, surroundings: virtual.surroundings
    ).run()
    return (report, api.requests)
  }

  @Test(arguments: cases) func whatIsWrongIsNamed(_ case: Case) async throws {
    let (report, requests) = try await Self.report(`case`.rules)
    #expect(report.label == `case`.label, "\(report.answers)")
    #expect(requests.count == `case`.requests && report.answers.count == `case`.requests)
    #expect((report.hint == nil) == (report.verdict == .accepted))
    // Each is signed anew.
    #expect(Set(requests.compactMap { $0.header("nonce-str") }).count == requests.count)
    if case .network = report.verdict { return }
    let skew = try #require(report.skew)
    #expect(abs(skew.milliseconds - `case`.rules.ahead) <= 1000)
  }

  @Test func whatWasTakenIsReported() async throws {
    var rules = StrictAPI.Rules()
    rules.recipe.timestamp = .seconds
    let (report, _) = try await Self.report(rules)
    #expect(report.recipe == rules.recipe)
    #expect(report.message == "the API takes the key and the signature, with the timestamp in s")
  }

  @Test func theSecretIsInNoText() async throws {
    var rules = StrictAPI.Rules()
    rules.secret = "another-secret-of-the-same-account"
    rules.wrongSignature = "expected md5 of 58c0201dfdf148eca63cbf6bb5e7cf03\(testSecret)"
    let (report, _) = try await Self.report(rules)
    #expect(!"\(report.message) \(report.answers)".contains(testSecret))
  }
}

@Suite struct LiveSolverTests {
  static func solve(_ rules: StrictAPI.Rules) async throws -> (LiveSolver.Ending, StrictAPI, [Duration]) {
    let virtual = VirtualSurroundings()
    let api = StrictAPI(rules, now: virtual.surroundings.now)
    let operation = testOperation("taobao.refunds.get")
    let solver = LiveSolver(
      try testProfile(), try testCredentials(), asking: operation, try operation.arguments(from: ["refundId": "1"]),
      over: api, surroundings: virtual.surroundings)
    return (await solver.run(), api, virtual.slept)
  }

  @Test func thereAreFortyAndAllAreDifferent() {
    #expect(LiveSolver.candidates.count == LiveSolver.most)
    #expect(Set(LiveSolver.candidates).count == LiveSolver.most)
    #expect(LiveSolver.candidates.first == .standard)
    #expect(LiveSolver.candidates.allSatisfy { $0.encoding == .hexUpper })
  }

  @Test(arguments: [0, 1, 17, 39]) func itStopsAtTheFirstThatIsTaken(_ index: Int) async throws {
    var rules = StrictAPI.Rules()
    rules.recipe = LiveSolver.candidates[index]
    let (ending, api, slept) = try await Self.solve(rules)
    guard case .found(let recipe) = ending else { return #expect(Bool(false), "\(ending)") }
    #expect(recipe == rules.recipe)
    #expect(api.requests.count == index + 1)
    #expect(slept == Array(repeating: .seconds(1), count: index), "once a second")
  }

  @Test func fortyAreTheMost() async throws {
    var rules = StrictAPI.Rules()
    rules.secret = "another-secret-of-the-same-account"
    let (ending, api, _) = try await Self.solve(rules)
    guard case .exhausted = ending else { return #expect(Bool(false), "\(ending)") }
    #expect(api.requests.count == LiveSolver.most)
  }

  @Test func aClockThatIsOffEndsItAtOnce() async throws {
    var rules = StrictAPI.Rules()
    rules.ahead = 3_600_000
    let (ending, api, _) = try await Self.solve(rules)
    guard case .clock(let skew) = ending else { return #expect(Bool(false), "\(ending)") }
    #expect(skew.isBehind && api.requests.count == 1)
  }

  @Test func whatCannotBeAskedIsNotAskedOn() async throws {
    var rules = StrictAPI.Rules()
    rules.error = .timeout
    let (ending, api, _) = try await Self.solve(rules)
    guard case .stopped(let failure) = ending else { return #expect(Bool(false), "\(ending)") }
    #expect(failure.label == "timeout" && api.requests.count == 1)
  }
}
