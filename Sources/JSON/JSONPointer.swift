/// A JSON Pointer (RFC 6901): where in a document a value stands, e.g. `/data/refundOrder/refundFee`.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The unescaped reference tokens, outermost first; empty for the whole document.
  public var tokens: [String]

  /// A pointer of those unescaped tokens.
  public init(tokens: [String] = []) {
    self.tokens = tokens
  }

  /// Reads a pointer; nil where the text is neither empty nor begins with `/`.
  public init?(_ text: some StringProtocol) {
    if text.isEmpty {
      tokens = []
      return
    }
    guard text.first == "/" else { return nil }
    tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { token in
      String(token).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  /// A pointer written in the source; text that is no pointer becomes its single token.
  public init(stringLiteral value: String) {
    self = JSONPointer(value) ?? JSONPointer(tokens: [value])
  }

  /// The pointer one level deeper.
  public func appending(_ token: String) -> JSONPointer {
    JSONPointer(tokens: tokens + [token])
  }

  /// The pointer one level deeper, at an array's index.
  public func appending(_ index: Int) -> JSONPointer {
    appending(String(index))
  }

  /// The pointer as text; empty for the whole document.
  public var description: String {
    tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
  }
}

extension JSON {
  /// The value that the pointer names, or nil where there is none.
  public subscript(pointer pointer: JSONPointer) -> JSON? {
    var value = self
    for token in pointer.tokens {
      switch value {
      case .object(let members):
        guard let member = members[token] else { return nil }
        value = member
      case .array(let elements):
        guard let index = arrayIndex(token), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default:
        return nil
      }
    }
    return value
  }

  /// Puts a value where the pointer says, making the objects on the way; an array is not extended.
  ///
  /// - Returns: false where a scalar or a missing array element stands in the way; nothing is changed then.
  @discardableResult
  public mutating func set(_ newValue: JSON, at pointer: JSONPointer) -> Bool {
    set(newValue, at: pointer.tokens[...])
  }

  private mutating func set(_ newValue: JSON, at tokens: ArraySlice<String>) -> Bool {
    guard let token = tokens.first else {
      self = newValue
      return true
    }
    switch self {
    case .object(var members):
      var member = members[token] ?? .object([:])
      guard member.set(newValue, at: tokens.dropFirst()) else { return false }
      members[token] = member
      self = .object(members)
      return true
    case .array(var elements):
      guard let index = arrayIndex(token), elements.indices.contains(index) else { return false }
      guard elements[index].set(newValue, at: tokens.dropFirst()) else { return false }
      self = .array(elements)
      return true
    default:
      return false
    }
  }

  /// An index as RFC 6901 writes it: digits without a sign, and no zero before others.
  private func arrayIndex(_ token: String) -> Int? {
    guard let index = Int(token), String(index) == token else { return nil }
    return index
  }
}
