import Testing

@testable import PandaPon

/// The signatures were computed with openssl: `printf '%s' "$base" | openssl dgst -sha256 -hmac "$secret"`.
@Suite struct CallbackVerifierTests {
  static let body = Array(
    (#"{"messageType":"1688_ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY","messagePlatform":1,"timestamp":"1779263269913","#
      + #""messageBody":{"orderId":2019601741959504495,"currentStatus":"waitbuyerpay","note":"改价"}}"#).utf8)
  static let overBody = "19bcbefcfa1af95af59327e57e6cf56ea4cc3bd1e86799a6b12c240a200ed3d9"
  static let overKeyAndBody = "46163090d1415ec41822605cee4581c75104ccde60429b9f06c7db4413793264"

  private func base(_ authorization: String?, _ body: [UInt8] = body, _ recipe: CallbackRecipe = .standard)
    async throws -> CallbackBase?
  {
    let verifier = CallbackVerifier(recipe: recipe, credentials: FixedCredentials(try testCredentials()))
    return try await verifier.base(signedBy: authorization, over: body)
  }

  @Test(arguments: [(overBody, CallbackBase.body), (overKeyAndBody, .accessKeyAndBody)])
  func bothBasesInEitherCase(_ signature: String, _ expected: CallbackBase) async throws {
    #expect(try await base(signature) == expected)
    #expect(try await base(signature.uppercased()) == expected)
    #expect(try await base(String(signature.prefix(31)) + signature.dropFirst(31).uppercased()) == expected)
  }

  @Test func anEmptyBodyIsSignedToo() async throws {
    #expect(try await base("113bb1babbad129d7d1d0df027474a91e8f673d4c227d81c8efe01a3fffb7cb1", []) == .body)
    #expect(
      try await base("4a521ddf6887f867013f94c03b84a8b56886f96f7cd2a8ea7535b57dd1cc46b7", []) == .accessKeyAndBody)
  }

  @Test(arguments: [CallbackBase.body, .accessKeyAndBody])
  func aRecipeAcceptsItsBasesOnly(_ accepted: CallbackBase) async throws {
    let recipe = try CallbackRecipe(bases: [accepted])
    #expect(try await base(Self.overBody, Self.body, recipe) == (accepted == .body ? .body : nil))
    #expect(try await base(Self.overKeyAndBody, Self.body, recipe) == (accepted == .body ? nil : .accessKeyAndBody))
  }

  @Test func everyDigitOfTheSignatureCounts() async throws {
    for index in 0..<64 {
      var digits = Array(Self.overBody.utf8)
      digits[index] = digits[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      #expect(try await base(String(decoding: digits, as: UTF8.self)) == nil, "digit \(index)")
    }
  }

  @Test func everyByteOfTheBodyCounts() async throws {
    for index in Self.body.indices {
      var body = Self.body
      body[index] ^= 1
      #expect(try await base(Self.overBody, body) == nil, "byte \(index)")
    }
    #expect(try await base(Self.overBody, Self.body + [UInt8(ascii: "\n")]) == nil)
  }

  @Test(arguments: [
    nil, "", "x", "Bearer " + overBody, String(overBody.dropLast()), overBody + "00", " " + overBody.dropFirst(),
    String(repeating: "g", count: 64), String(repeating: "é", count: 32),
  ])
  func whatIsNoSignatureFitsNothing(_ text: String?) async throws {
    #expect(try await base(text) == nil)
  }

  @Test func aSourceThatFailsIsHeard() async throws {
    struct Locked: CredentialSource, Error {
      func credentials() async throws -> Credentials { throw self }
    }
    await #expect(throws: Locked.self) {
      try await CallbackVerifier(credentials: Locked()).base(signedBy: Self.overBody, over: Self.body)
    }
  }

  @Test func recipesAreReadFromAConfiguration() throws {
    #expect(try CallbackRecipe(parsing: ["body", "Access-Key+Body"]) == .standard)
    #expect(throws: CallbackRecipeError.noBase) { try CallbackRecipe(parsing: []) }
    let error = try #require(throws: CallbackRecipeError.self) { try CallbackRecipe(parsing: ["bdy"]) }
    #expect(error.description.contains("bdy"))
    #expect(error.hint == "did you mean body?")
  }
}
