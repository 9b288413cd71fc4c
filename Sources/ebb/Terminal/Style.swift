/// Whether text is painted, and with which colours.
///
/// Colours carry no meaning of their own: every table reads the same without them.
enum Style: Sendable {
  /// No escape sequences at all.
  case plain
  /// ANSI colours.
  case coloured

  /// What a piece of text is, which decides its colour.
  enum Role: String, Sendable {
    case error = "31;1"
    case warning = "33"
    case success = "32"
    case heading = "1"
    case faint = "2"
    case name = "36"
  }

  /// The text in the colour of its role.
  func paint(_ text: String, _ role: Role?) -> String {
    guard case .coloured = self, let role, !text.isEmpty else { return text }
    return "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m"
  }
}
