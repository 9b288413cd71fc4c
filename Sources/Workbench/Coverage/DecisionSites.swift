/// The decisions that a playbook can make, as far as its source tells: the reasons that it has for `keep`, `act` and
/// `hand_over`.
struct DecisionSites {
  /// A reason, and where it stands first.
  struct Site: Hashable, Sendable {
    let line: Int
    let reason: String
  }

  /// By line; each reason once.
  let sites: [Site]

  /// Reads a source that compiles.
  ///
  /// A reason is a text in a verb's second place. Where a verb takes its reason from somewhere else, every sentence that a
  /// function returns first counts as one: `return "its state does not allow it", refund.state`.
  init(of source: [UInt8]) {
    let tokens = LuaTokens(source).tokens
    var found: [Site] = []
    var returned: [Site] = []
    var takesReturned = false
    for (place, entry) in tokens.enumerated() {
      switch entry.token {
      case .name("keep"), .name("act"), .name("hand_over"):
        // Not where the verb is somebody's field, or is being defined.
        guard
          place == 0
            || (tokens[place - 1].token != .mark(UInt8(ascii: ".")) && tokens[place - 1].token != .name("function"))
        else { continue }
        guard let argument = Self.secondArgument(tokens[(place + 1)...].map(\.token)) else { continue }
        switch argument.token {
        // What is put together is no constant.
        case .text(let reason) where argument.isWhole:
          found.append(Site(line: tokens[place + 1 + argument.offset].line, reason: reason))
        default: takesReturned = true
        }
      case .name("return"):
        guard place + 1 < tokens.count, case .text(let text) = tokens[place + 1].token, text.contains(" ") else {
          continue
        }
        // What is put together is no constant.
        if place + 2 < tokens.count, tokens[place + 2].token == .mark(UInt8(ascii: ".")) { continue }
        returned.append(Site(line: tokens[place + 1].line, reason: text))
      default: break
      }
    }
    var seen = Set<String>()
    sites = (found + (takesReturned ? returned : [])).sorted { $0.line < $1.line }.filter {
      seen.insert($0.reason).inserted
    }
  }

  /// The first token of a call's second argument.
  private static func secondArgument(
    _ tokens: [LuaTokens.Token]
  ) -> (offset: Int, token: LuaTokens.Token, isWhole: Bool)? {
    guard tokens.first == .mark(UInt8(ascii: "(")) else { return nil }
    var depth = 0
    for (offset, token) in tokens.enumerated() {
      switch token {
      case .mark(UInt8(ascii: "(")), .mark(UInt8(ascii: "{")), .mark(UInt8(ascii: "[")): depth += 1
      case .mark(UInt8(ascii: ")")), .mark(UInt8(ascii: "}")), .mark(UInt8(ascii: "]")):
        depth -= 1
        if depth == 0 { return nil }
      case .mark(UInt8(ascii: ",")) where depth == 1:
        guard offset + 2 < tokens.count else { return nil }
        let ends: [LuaTokens.Token] = [.mark(UInt8(ascii: ",")), .mark(UInt8(ascii: ")"))]
        return (offset + 1, tokens[offset + 1], ends.contains(tokens[offset + 2]))
      default: break
      }
    }
    return nil
  }
}
