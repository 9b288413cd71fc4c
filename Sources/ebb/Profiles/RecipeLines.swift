import PandaPon

/// What to write into `ebb.yaml` for a recipe that was found.
struct RecipeLines {
  private let lines: [String]

  init(_ recipe: SigningRecipe) {
    lines = [
      "payload: \(Self.quoted("\(recipe.payload)"))", "digest: \(recipe.digest.rawValue)",
      "encoding: \(recipe.encoding.rawValue)", "timestamp: \(recipe.timestamp.rawValue)",
    ]
  }

  init(_ base: CallbackBase) {
    lines = ["callbacks: \(Self.quoted(base.name))"]
  }

  /// The lines under a profile's name.
  var text: String { (["signing:"] + lines.map { "  " + $0 }).joined(separator: "\n") }

  /// A text as YAML writes it, line breaks and all.
  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      .replacing("\r", with: "\\r").replacing("\t", with: "\\t")
    return "\"\(escaped)\""
  }
}
