import Journal

/// Finds the run that a person names: by its id, or by the end or beginning of it where that is one run's alone.
struct RunLookup {
  let store: any Store

  /// The run of that name.
  ///
  /// - Throws: `CommandFailure` of status `usage`, with the run that was probably meant.
  func run(_ name: String) async throws -> RunRecord {
    if let run = try await store.run(RunID(name)) { return run }
    var filter = RunFilter()
    filter.limit = 10_000
    let known = try await store.runs(filter)
    let matches = name.utf8.count < 3 ? [] : known.filter { $0.id.text.hasSuffix(name) || $0.id.text.hasPrefix(name) }
    if let only = matches.first, matches.count == 1 { return only }
    if matches.count > 1 {
      throw CommandFailure.usage(
        "\(matches.count) runs are named \"\(Terminal.clean(name))\"",
        hint: "the latest: " + matches.prefix(3).map(\.id.text).joined(separator: ", "), label: "ambiguous_run")
    }
    let nearest = Suggestion.nearest(to: name, in: known.lazy.map(\.id.text))
    throw CommandFailure.usage(
      "there is no run \"\(Terminal.clean(name))\"",
      hint: nearest.map { "did you mean \"\($0)\"?" }
        ?? (known.isEmpty ? "the store holds no run" : "`ebb runs list` shows them"),
      label: "unknown_run")
  }
}
