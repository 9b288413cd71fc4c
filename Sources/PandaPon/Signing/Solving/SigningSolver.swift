public import Redaction

/// Finds the recipe by which a request was signed, from one request that is known to be good and the secret; offline.
///
/// Every combination of its families of payloads, digests and encodings is tried, half a million to a million of them, in
/// about a second of one core. It stops behind the first family in which something fits. What it finds is checked through
/// the signer that will use it.
public struct SigningSolver: Sendable {
  private let example: SignedExample
  private let secret: SecretBytes

  /// A solver for that request, signed with that secret.
  public init(_ example: SignedExample, secret: SecretBytes) {
    self.example = example
    self.secret = secret
  }

  /// What payloads are made of, the simplest first.
  static let families: [any PayloadFamily] = [
    HeaderConcatenations(), RequestConcatenations(), CanonicalLines(), NamedFields(), FramedFields(),
  ]

  /// Looks for the recipe.
  public func solve() async -> SigningSolution {
    let shape = SignatureShape(of: example.signature)
    var solution = SigningSolution(shape: shape, example: example)
    guard let bytes = shape.bytes, !shape.digests.isEmpty else { return solution }
    for family in Self.families {
      let (tried, matches) = await Self.walk(family, for: [bytes], example, secret)
      solution.families.append(SigningSolution.Family(name: type(of: family).name, tried: tried))
      let recipes = matches.flatMap { match in
        shape.encodings.compactMap { encoding in
          try? SigningRecipe(
            payload: match.payload, digest: match.digest, encoding: encoding, timestamp: example.timestampUnit)
        }
      }
      solution.recipes = recipes.filter(verifies).simplestFirst
      if solution.recipe != nil { break }
    }
    return solution
  }

  /// Walks all slices of a family, beside each other.
  ///
  /// - Parameter targets: the digests that are looked for.
  static func walk(
    _ family: any PayloadFamily, for targets: [[UInt8]], _ example: SignedExample, _ secret: SecretBytes
  ) async -> (tried: Int, matches: [SignatureSearch.Match]) {
    await withTaskGroup { group in
      for slice in 0..<family.slices {
        group.addTask {
          let search = SignatureSearch(for: targets, secret: secret)
          family.walk(search, RequestPieces(example, secret, in: search.draft), slice: slice)
          return (slice: slice, tried: search.tried, matches: search.matches)
        }
      }
      var walked: [(slice: Int, tried: Int, matches: [SignatureSearch.Match])] = []
      for await result in group { walked.append(result) }
      walked.sort { $0.slice < $1.slice }
      return (walked.reduce(0) { $0 + $1.tried }, walked.flatMap(\.matches))
    }
  }

  /// Whether the signer makes the same signature by a recipe.
  private func verifies(_ recipe: SigningRecipe) -> Bool {
    guard let credentials = try? Credentials(accessKey: example.accessKey, secret: secret) else { return false }
    return example.signature(by: recipe, credentials) == example.signature
  }
}

extension SignedExample {
  /// The signature that a recipe makes of this request.
  func signature(by recipe: SigningRecipe, _ credentials: Credentials) -> String {
    Signer(recipe: recipe).signature(
      of: Signer.Values(
        nonce: nonce ?? "", timestamp: timestamp, userID: userID, method: method ?? "", path: path ?? "",
        query: query ?? "", body: body ?? []), by: credentials)
  }
}

extension [SigningRecipe] {
  /// Each once, those with the fewest parts first; among equals the one that was found first.
  fileprivate var simplestFirst: [SigningRecipe] {
    var seen: Set<SigningRecipe> = []
    return filter { seen.insert($0).inserted }.enumerated()
      .sorted { ($0.element.complexity, $0.offset) < ($1.element.complexity, $1.offset) }.map(\.element)
  }
}

extension SigningRecipe {
  /// How many parts its payload has; one that is keyed counts the key.
  fileprivate var complexity: Int { payload.parts.count + (digest.isKeyed ? 1 : 0) }
}
