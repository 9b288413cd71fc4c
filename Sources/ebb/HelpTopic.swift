import JSON

/// A page of `ebb help` that is about no single command.
enum HelpTopic: String, CaseIterable {
  /// `ebb help exit-codes`
  case exitCodes = "exit-codes"

  /// The topic that a command line asks for, if it does.
  init?(arguments: [String]) {
    guard arguments.count >= 2, arguments[0] == "help" else { return nil }
    self.init(rawValue: arguments[1])
  }

  /// The page for people.
  var text: String {
    switch self {
    case .exitCodes:
      var table = Table([.fixed("CODE", .trailing), .fixed("MEANING")])
      for status in ExitStatus.allCases { table.append(["\(status.rawValue)", status.meaning]) }
      return table.render() + "\n\nOf several runs, the first present of 6, 1, 4, 7, 5, 8 is the command's exit code."
    }
  }

  /// The page for machines (`--json`).
  var document: JSON {
    switch self {
    case .exitCodes:
      .array(
        ExitStatus.allCases.map { status in
          [
            "code": .integer(Int64(status.rawValue)), "name": .string(status.label),
            "meaning": .string(status.meaning),
          ]
        })
    }
  }
}
