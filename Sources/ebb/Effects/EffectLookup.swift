import Journal

/// Finds the effect that a person names: `RUN:STEP`.
struct EffectLookup {
  let store: any Store

  /// The effect of that name, and its run.
  ///
  /// - Throws: `CommandFailure` of status `usage`, with the effect that was probably meant.
  func effect(_ name: String) async throws -> (effect: EffectRecord, run: RunRecord) {
    guard let colon = name.lastIndex(of: ":"), let path = StepPath(text: name[name.index(after: colon)...]) else {
      throw CommandFailure.usage(
        "\"\(Terminal.clean(name))\" names no effect", hint: "write it as RUN:STEP, e.g. run-20261123-9f86d081:5/2",
        label: "unknown_effect")
    }
    let run = try await RunLookup(store: store).run(String(name[..<colon]))
    let effects = try await store.effects(of: run.id)
    if let effect = effects.first(where: { $0.path == path }) { return (effect, run) }
    let nearest = Suggestion.nearest(to: path.description, in: effects.lazy.map(\.path.description))
    throw CommandFailure.usage(
      "\(run.id) has no write at step \(path)",
      hint: nearest.map { "did you mean \(run.id):\($0)?" }
        ?? (effects.isEmpty ? "it wrote nothing" : "`ebb effects list --run \(run.id)` shows its writes"),
      label: "unknown_effect")
  }
}

extension StepPath {
  /// Reads `5/2/1` back; nil where the text is no path of a step.
  init?(text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let ordinals = parts.compactMap { Int($0) }
    guard ordinals.count == parts.count, ordinals.allSatisfy({ $0 > 0 }), ordinals.count % 2 == 1 else { return nil }
    self.init(ordinals)
  }
}
