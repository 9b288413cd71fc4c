import ArgumentParser
import Journal

/// Whose memory is meant, and whether values or claims.
struct StateOptions: ParsableArguments {
  @Argument(help: "The playbook.")
  var playbook: String

  @Option(help: "The shop; left out, the one that is used where none is named.")
  var profile: String?

  /// The memory that is meant.
  ///
  /// - Throws: `CommandFailure` where several shops might be.
  func scope(in configuration: Configuration) throws(CommandFailure) -> StateScope {
    StateScope(playbook: playbook, profile: try configuration.profileSettings(named: profile).name)
  }
}

extension StateKey {
  /// The key that a person names; a claim's where there is a namespace.
  ///
  /// - Throws: `CommandFailure` of status `usage` where no playbook could have such a key.
  init(typed name: String, claim namespace: String?, of scope: StateScope) throws(CommandFailure) {
    guard (1...StateLimit.keyBytes).contains(name.utf8.count) else {
      throw .usage("a key has 1 to \(StateLimit.keyBytes) bytes, not \(name.utf8.count)", label: "state_key")
    }
    guard namespace.map({ (1...StateLimit.namespaceBytes).contains($0.utf8.count) }) ?? true else {
      throw .usage("a claim's namespace has 1 to \(StateLimit.namespaceBytes) bytes", label: "state_key")
    }
    self.init(name, in: namespace, of: scope)
  }

  /// The key as messages name it.
  var text: String { Terminal.clean(namespace.map { "the claim \(name) of \($0)" } ?? name) }
}
