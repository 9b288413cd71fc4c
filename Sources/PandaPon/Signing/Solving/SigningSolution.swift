/// What came of looking for the recipe of a request.
public struct SigningSolution: Sendable {
  /// Payloads that are built alike, and how many digests of them were compared.
  public struct Family: Hashable, Sendable {
    public let name: String
    public let tried: Int
  }

  /// The recipes that make the request's signature, the simplest first; nearly always one or none.
  public internal(set) var recipes: [SigningRecipe] = []
  /// What was tried.
  public internal(set) var families: [Family] = []
  /// What the signature's text tells.
  public let shape: SignatureShape
  /// Parts of the request that were not copied: no recipe with them was looked for.
  public let missing: [String]

  init(shape: SignatureShape, example: SignedExample) {
    self.shape = shape
    let parts: [(String, Bool)] = [
      ("nonce_str", example.nonce == nil), ("user_id", example.userID == nil), ("method", example.method == nil),
      ("path", example.path == nil), ("query", example.query == nil), ("body", example.body == nil),
    ]
    missing = parts.filter(\.1).map(\.0)
  }

  /// The recipe to use: the simplest that fits; nil where none does.
  public var recipe: SigningRecipe? { recipes.first }

  /// How many digests were compared.
  public var tried: Int { families.reduce(0) { $0 + $1.tried } }

  /// How near it looked, for a person: what the signature is, what was tried, and what may be the reason.
  public var explanation: [String] {
    var lines = ["the signature is \(shape.description)"]
    guard recipe == nil else {
      if recipes.count > 1 {
        lines.append(
          "\(recipes.count) recipes fit; the simplest is taken: "
            + recipes.dropFirst().prefix(3).map { "\($0.payload)" }.joined(separator: ", ") + " would do as well")
      }
      return lines
    }
    if tried == 0 {
      lines.append("no digest that a recipe can name fits it, so nothing was tried: is it copied whole?")
      return lines
    }
    lines += families.filter { $0.tried > 0 }.map { "\($0.tried) tried: \($0.name)" }
    let digests = shape.digests.map(\.rawValue).joined(separator: " and ")
    lines.append(
      "its length and its characters fit \(digests), so the digest is probably right and the payload or the secret is not"
    )
    if !missing.isEmpty {
      lines.append("not given, so not looked for: \(missing.joined(separator: ", "))")
    }
    return lines
  }
}
