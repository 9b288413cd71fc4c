import Redaction
import Testing

@testable import PandaPon

@Suite struct SigningSolverTests {
  /// A recipe that somebody might have used, `digest encoding payload`.
  static func recipe(_ text: String) throws -> SigningRecipe {
    let words = text.split(separator: " ", maxSplits: 2).map(String.init)
    return try SigningRecipe(
      payload: SigningTemplate(parsing: words[2]), digest: .init(parsing: words[0]), encoding: .init(parsing: words[1]))
  }

  /// A request that is signed by that recipe.
  static func example(
    _ recipe: SigningRecipe, timestamp: String = "1715669977082", userID: String? = "2100007341207",
    query: String? = nil, secret: String = testSecret
  ) throws -> SignedExample {
    var example = try SignedExample(
      accessKey: "58c0201dfdf148eca63cbf6bb5e7cf03", timestamp: timestamp, nonce: "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6",
      userID: userID, method: "POST", path: "/open/refund/list", query: query,
      body: Array(#"{"pageNo":1,"note":"中文"}"#.utf8), signature: "?")
    example.signature = example.signature(
      by: recipe, try Credentials(accessKey: example.accessKey, secret: SecretBytes(secret.utf8)))
    return example
  }

  static let samples = RandomRecipes.draw(240, seed: 20_261_128)

  /// All samples, found in one walk: they sign the same request.
  static let found = Task { () async throws -> [Set<SigningRecipe>] in
    let recipes = try samples.map(recipe)
    let examples = try recipes.map { try example($0) }
    let shapes = examples.map { SignatureShape(of: $0.signature) }
    let secret = SecretBytes(testSecret.utf8)
    var found = Array(repeating: Set<SigningRecipe>(), count: samples.count)
    for family in SigningSolver.families {
      let matches = await SigningSolver.walk(family, for: shapes.map { $0.bytes ?? [] }, examples[0], secret).matches
      for match in matches {
        for encoding in shapes[match.target].encodings {
          found[match.target].insert(
            try SigningRecipe(payload: match.payload, digest: match.digest, encoding: encoding))
        }
      }
    }
    return found
  }

  @Test(arguments: samples.indices) func aRecipeOfTheFamiliesIsFound(_ index: Int) async throws {
    let expected = try Self.recipe(Self.samples[index])
    let found = try await Self.found.value[index]
    #expect(found.contains(expected), "\(Self.samples[index]): \(found.map { "\($0.payload)" })")
    let credentials = try testCredentials()
    let example = try Self.example(expected)
    for recipe in found { #expect(example.signature(by: recipe, credentials) == example.signature) }
  }

  /// What none of the pages names, in the words of other APIs.
  @Test(arguments: [
    "md5 HEX {secret}access_key{access-key}nonce_str{nonce-str}timestamp{timestamp}{secret}",
    "md5 HEX accessKey={access-key}&nonceStr={nonce-str}&timestamp={timestamp}&userId={user-id}&key={secret}",
    "hmac-sha256 base64 {method}\n{path}\n{timestamp}\n{nonce-str}\n{body}\n",
    "sha1 hex {timestamp}{secret}{nonce-str}",
    "sha256 hex {access-key}{timestamp}{nonce-str}{body}{secret}",
  ])
  func anOddRecipeIsFound(_ text: String) async throws {
    let expected = try Self.recipe(text)
    let solution = await SigningSolver(try Self.example(expected), secret: SecretBytes(testSecret.utf8)).solve()
    #expect(solution.recipe == expected)
    #expect(solution.recipes.count == 1)
  }

  @Test func theTimestampsDigitsTellItsUnit() async throws {
    let example = try Self.example(.standard, timestamp: "1715669977")
    let recipe = try #require(await SigningSolver(example, secret: SecretBytes(testSecret.utf8)).solve().recipe)
    #expect(recipe.timestamp == .seconds)
    #expect(recipe.payload == SigningRecipe.standard.payload)
  }

  @Test func ofRecipesThatFitTheSimplestIsTaken() async throws {
    // Without a user id, nobody can tell whether an empty one was signed.
    let keyed = try Self.recipe("hmac-sha1 hex {access-key}{timestamp}")
    var example = try Self.example(keyed, userID: nil)
    example.nonce = example.accessKey
    let solution = await SigningSolver(example, secret: SecretBytes(testSecret.utf8)).solve()
    #expect(solution.recipe == keyed)
    #expect(solution.recipes.count == 2)
    #expect(solution.explanation.contains { $0.contains("2 recipes fit; the simplest is taken") })
  }

  @Test func aWrongSecretFindsNothingAndSaysHowNearItLooked() async throws {
    let example = try Self.example(.standard)
    let solution = await SigningSolver(example, secret: SecretBytes("another secret, not the one".utf8)).solve()
    #expect(solution.recipe == nil)
    #expect(solution.families.count == SigningSolver.families.count)
    let text = solution.explanation.joined(separator: "\n")
    #expect(text.contains("32 hex digits = 16 bytes = md5"))
    #expect(text.contains("fit md5 and hmac-md5"))
    #expect(text.contains("not given, so not looked for: query"))
    #expect(!text.contains(testSecret))
  }

  /// A digest is about a microsecond of one core, and two seconds are the limit, also with all parts of a request given.
  /// What a likely recipe costs is less: it is found in the first family.
  @Test func theNumberOfDigestsIsBounded() async throws {
    var example = try Self.example(.standard, query: "a=1&b=2")
    let likely = await SigningSolver(example, secret: SecretBytes(testSecret.utf8)).solve()
    #expect(likely.recipe == .standard && likely.families.count == 1 && likely.tried < 50_000, "\(likely.tried)")
    example.signature = "B7F83FE2ADC8D8F044F2E01F0FFE8C80"
    let all = await SigningSolver(example, secret: SecretBytes(testSecret.utf8)).solve()
    #expect(all.recipe == nil && all.tried > 500_000 && all.tried < 1_500_000, "\(all.tried)")
    // A long body is looked for in fewer ways, since each digest of it takes longer.
    example.body = Array(repeating: UInt8(ascii: "x"), count: 2000)
    let long = await SigningSolver(example, secret: SecretBytes(testSecret.utf8)).solve()
    #expect(long.tried < all.tried * 4 / 5, "\(long.tried)")
  }

  @Test(arguments: [
    ("B7F83FE2ADC8D8F044F2E01F0FFE8C80", "32 hex digits = 16 bytes = md5", 2),
    ("mnw5ZQTKH0VQCWdLlk5fzw==", "24 base64 characters = 16 bytes = md5", 2),
    ("yMV8nD7ybqYDCW2VEBFHdu35PA8=", "28 base64 characters = 20 bytes = sha1", 2),
    (
      "mnw5ZQTKH0VQCWdLlk5fzw", "22 base64 characters in the URL's alphabet or without padding, which no recipe writes",
      0
    ),
    ("B7f83FE2ADC8D8F044F2E01F0FFE8C80", "32 hex digits in mixed case, which no recipe writes = 16 bytes = md5", 0),
    (String(repeating: "ab", count: 64), "128 hex digits = 64 bytes = sha512, which no recipe uses", 0),
    ("no signature!", "13 characters that are neither hex nor base64", 0),
  ])
  func aSignaturesTextTells(_ text: String, _ expected: String, _ digests: Int) {
    let shape = SignatureShape(of: text)
    #expect(shape.description.hasPrefix(expected))
    #expect(shape.digests.count == digests)
  }

  @Test func whatFitsNoDigestIsNotTried() async throws {
    var example = try Self.example(.standard)
    example.signature = String(repeating: "ab", count: 64)
    let solution = await SigningSolver(example, secret: SecretBytes(testSecret.utf8)).solve()
    #expect(solution.tried == 0)
    #expect(solution.explanation.last?.contains("nothing was tried") == true)
  }

  @Test func aRequestThatIsNotWholeIsRefused() throws {
    #expect(throws: SignedExampleError.missing("signature")) {
      try SignedExample(accessKey: "k", timestamp: "1715669977", signature: " \n")
    }
    #expect(throws: SignedExampleError.self) {
      try SignedExample(accessKey: "k", timestamp: "2026-11-28", signature: "ab")
    }
    let example = try SignedExample(
      accessKey: " k\n", timestamp: "1715669977", userID: "", path: "/a?b=1", body: [], signature: "ab")
    #expect(example.accessKey == "k")
    #expect(example.userID == nil && example.body == nil)
    #expect(example.path == "/a" && example.query == "b=1")
  }
}
