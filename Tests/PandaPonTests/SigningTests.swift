import Testing

@testable import PandaPon

/// The expected signatures were computed with Python's hashlib, hmac and base64.
@Suite struct SigningTests {
  static let values = Signer.Values(
    nonce: "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6", timestamp: "1715669977082", userID: "2100007341207", method: "POST",
    path: "/open/order/refund/cancel/%E9%80%80%2F1", query: "a=1&b=%20", body: Array(#"{"x":"中文"}"#.utf8))

  @Test(arguments: [
    ("md5", "HEX", "9A7C396504CA1F455009674B964E5FCF"),
    ("md5", "hex", "9a7c396504ca1f455009674b964e5fcf"),
    ("md5", "base64", "mnw5ZQTKH0VQCWdLlk5fzw=="),
    ("sha1", "HEX", "C8C57C9C3EF26EA603096D9510114776EDF93C0F"),
    ("sha1", "base64", "yMV8nD7ybqYDCW2VEBFHdu35PA8="),
    ("sha256", "hex", "ad46c9eebe41f68a0d253ba41f1d0e4dc8a7a8e30ebbc4286be95202b1470919"),
    ("sha256", "base64", "rUbJ7r5B9ooNJTukHx0OTcinqOMOu8Qoa+lSArFHCRk="),
  ])
  func digests(_ digest: String, _ encoding: String, _ expected: String) throws {
    let recipe = try SigningRecipe(
      payload: SigningTemplate(parsing: "{access-key}{timestamp}{nonce-str}{secret}"), digest: .init(parsing: digest),
      encoding: .init(parsing: encoding))
    #expect(try Signer(recipe: recipe).signature(of: Self.values, by: testCredentials()) == expected)
  }

  @Test(arguments: [
    ("hmac-md5", "HEX", "9BF2856C075D097AB69D79AEA82A0F11"),
    ("HMAC-MD5", "base64", "m/KFbAddCXq2nXmuqCoPEQ=="),
    ("hmac-sha1", "hex", "ccaf5ab53dd7bba622303be931933f9b6b73d279"),
    ("hmac-sha256", "base64", "+W6fepd/rWlX1FYTyKjiFSaFFXUo9AAmmGyRAKB2MdE="),
  ])
  func keyedDigests(_ digest: String, _ encoding: String, _ expected: String) throws {
    let recipe = try SigningRecipe(
      payload: SigningTemplate(parsing: "{access-key}{timestamp}{nonce-str}"), digest: .init(parsing: digest),
      encoding: .init(parsing: encoding))
    #expect(try Signer(recipe: recipe).signature(of: Self.values, by: testCredentials()) == expected)
  }

  @Test func standardRecipeIsTheOneAPublicClientUses() throws {
    #expect(SigningRecipe.standard.payload.description == "{access-key}{timestamp}{nonce-str}{secret}")
    #expect(
      try Signer(recipe: .standard).signature(of: Self.values, by: testCredentials())
        == "9A7C396504CA1F455009674B964E5FCF")
  }

  @Test func warehouseRecipeLeavesTheNonceOut() throws {
    #expect(
      try Signer(recipe: .warehouse).signature(of: Self.values, by: testCredentials())
        == "8A19D88FB4EEB8280DEBFD786F717711")
  }

  @Test func everyVariableAndBracesStandInThePayload() throws {
    let template = try SigningTemplate(
      parsing: "{{{method}}}|{path}|{query}|{body}|{user-id}|{access-key}|{nonce-str}|{timestamp}|{secret}")
    let recipe = try SigningRecipe(payload: template, digest: .sha256, encoding: .hexLower)
    #expect(
      try Signer(recipe: recipe).signature(of: Self.values, by: testCredentials())
        == "3b21ee694fec2d24466487c5515df9f2b21eed0bdacfc5ec52a07b1d92d7ce1d")
    #expect(try SigningTemplate(parsing: template.description) == template)
  }

  @Test func timestampsAreInTheRecipesUnit() throws {
    #expect(SigningRecipe.TimestampUnit.milliseconds.text(of: 1_715_669_977_082) == "1715669977082")
    #expect(try SigningRecipe.TimestampUnit(parsing: "s").text(of: 1_715_669_977_082) == "1715669977")
  }

  @Test(arguments: [
    ("{acess-key}{secret}", "{acess-key}", "did you mean {access-key}?"),
    ("{nonce}{secret}", "{nonce}", "known are"),
    ("{Secret}", "{Secret}", "did you mean {secret}?"),
    ("{access-key", "not closed", "{{"),
    ("secret}", "closes nothing", "}}"),
    ("", "empty", "{access-key}"),
  ])
  func refusesAPayload(_ text: String, because reason: String, hint: String) throws {
    let error = try #require(throws: SigningRecipeError.self) { try SigningTemplate(parsing: text) }
    #expect(error.description.contains(reason))
    #expect(error.hint.contains(hint))
  }

  @Test func refusesASignatureAnyoneCouldMake() throws {
    let template = try SigningTemplate(parsing: "{access-key}{timestamp}")
    #expect(throws: SigningRecipeError.secretUnused) { try SigningRecipe(payload: template, digest: .sha256) }
    _ = try SigningRecipe(payload: template, digest: .hmacSHA256)
  }

  @Test(arguments: ["md6", "sha-256", "hmacsha256"])
  func suggestsADigest(_ text: String) throws {
    let error = try #require(throws: SigningRecipeError.self) { try SigningRecipe.Digest(parsing: text) }
    #expect(error.hint.contains("did you mean"))
  }
}
