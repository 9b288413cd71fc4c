import JSON

extension Schema {
  /// Whether a value of that kind is accepted.
  public func accepts(_ kind: Kind) -> Bool {
    if kinds.isEmpty { return true }
    return kinds.contains(kind) || kind == .integer && kinds.contains(.number)
  }

  /// What a value must be, in words for people: `an integer in fen, at least 1`.
  public var expectation: String {
    var words = [base]
    if let unit { words[0] += unit == .fen || unit == .yuan ? " in \(unit.rawValue)" : " (\(unit.rawValue))" }
    if !choices.isEmpty { words = ["one of " + choices.map(choice).joined(separator: ", ")] }
    if let minimum { words.append("at least \(minimum.plain)") }
    if let maximum { words.append("at most \(maximum.plain)") }
    return words.joined(separator: ", ")
  }

  private var base: String {
    if content != nil { return "a table (sent as JSON text)" }
    if isID { return kinds == [.integer] ? "an id of digits" : "an id" }
    return kinds.isEmpty ? "a value" : kinds.map(\.phrase).joined(separator: " or ")
  }

  private func choice(_ value: JSON) -> String {
    let text = value.text()
    guard let word = value.scalarText.flatMap({ words[$0] }) else { return text }
    return "\(text) (\(word))"
  }
}

extension Schema.Kind {
  var phrase: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "a table"
    }
  }
}
