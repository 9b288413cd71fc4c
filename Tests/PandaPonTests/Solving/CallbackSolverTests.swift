import Testing

@testable import PandaPon

@Suite struct CallbackSolverTests {
  static let text =
    #"{"messageType":"ORDER", "messagePlatform":1,"timestamp": "1779263269913", "messageBody": {"orderId": 20196, "a":[1]} }"#

  static func solve(_ base: String, _ text: String = text, upper: Bool = false) throws -> CallbackSolution {
    let credentials = try testCredentials()
    let code = CallbackVerifier.code(
      of: CallbackMessage(body: Array(text.utf8)), over: try CallbackBase(parsing: base), by: credentials)
    let digits = upper ? "0123456789ABCDEF" : "0123456789abcdef"
    return CallbackSolver(
      authorization: hexText(code, digits: digits) + "\n", body: Array(text.utf8), credentials: credentials
    ).solve()
  }

  @Test(
    arguments: [
      "body", "access-key+body", "{message-body}", "{access-key}{timestamp}{body}", "{timestamp}\n{body}",
      "{body}{timestamp}{access-key}", "{secret}{body}", "{access-key}&{timestamp}&{message-body}&{secret}",
    ], [false, true])
  func theBaseIsFound(_ base: String, upper: Bool) throws {
    let solution = try Self.solve(base, upper: upper)
    #expect(solution.base == (try CallbackBase(parsing: base)))
    #expect(solution.bases.count == 1 && solution.tried > 500)
  }

  @Test func whatWasFoundVerifies() async throws {
    let base = try CallbackBase(parsing: "{access-key}|{message-body}")
    let code = CallbackVerifier.code(
      of: CallbackMessage(body: Array(Self.text.utf8)), over: base, by: try testCredentials())
    let verifier = CallbackVerifier(
      recipe: try CallbackRecipe(bases: [base]), credentials: FixedCredentials(try testCredentials()))
    let authorization = hexText(code, digits: "0123456789ABCDEF")
    #expect(try await verifier.base(signedBy: authorization, over: Array(Self.text.utf8)) == base)
    let other = Self.text.replacing("20196", with: "20197")
    #expect(try await verifier.base(signedBy: authorization, over: Array(other.utf8)) == nil)
  }

  @Test(arguments: [
    (#"{"messageBody": {"a" : 1} ,"b":2}"#, #"{"a" : 1}"#), (#"{"messageBody":"{\"a\":\"\u4e2d\"}"}"#, #"{"a":"中"}"#),
    (#"{"b":1}"#, ""), ("no JSON", ""),
  ])
  func theMessageBodyIsAsItWasSent(_ envelope: String, _ expected: String) {
    let message = CallbackMessage(body: Array(envelope.utf8))
    #expect(String(decoding: message.messageBody, as: UTF8.self) == expected)
  }

  @Test func whatFitsNothingSaysHowNearItLooked() throws {
    func explanation(_ authorization: String) throws -> String {
      CallbackSolver(authorization: authorization, body: Array(Self.text.utf8), credentials: try testCredentials())
        .solve().explanation.joined(separator: "; ")
    }
    #expect(try explanation(String(repeating: "0a", count: 32)).contains("bases were tried, and none fits"))
    #expect(try explanation(String(repeating: "0a", count: 16)).contains("HMAC-SHA256 in hex: 64 digits"))
  }

  @Test func aBaseWithoutTheMessageIsRefused() {
    #expect(throws: CallbackRecipeError.messageUnused) { try CallbackBase(parsing: "{access-key}{timestamp}") }
    let error = #expect(throws: CallbackRecipeError.self) { try CallbackBase(parsing: "{nonce-str}{body}") }
    #expect(error?.description.contains("{nonce-str}") == true)
  }
}
