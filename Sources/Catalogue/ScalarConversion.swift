import JSON

/// Turns a scalar into another kind where nothing is lost.
enum ScalarConversion {
  /// The value as the first of those kinds that holds it exactly; the value itself where its kind is among them or
  /// none is asked for; nil where it fits none.
  static func convert(_ value: JSON, to kinds: [Schema.Kind]) -> JSON? {
    if kinds.isEmpty || fits(value, kinds) { return value }
    for kind in kinds {
      if let converted = convert(value, to: kind) { return converted }
    }
    return nil
  }

  private static func fits(_ value: JSON, _ kinds: [Schema.Kind]) -> Bool {
    switch value {
    case .null: false
    case .bool: kinds.contains(.boolean)
    case .integer: kinds.contains(.integer) || kinds.contains(.number)
    case .bigInteger: kinds.contains(.number)
    case .number: kinds.contains(.number)
    case .string: kinds.contains(.string)
    case .array: kinds.contains(.array)
    case .object: kinds.contains(.object)
    }
  }

  private static func convert(_ value: JSON, to kind: Schema.Kind) -> JSON? {
    switch kind {
    case .string:
      switch value {
      case .integer(let number): return .string(String(number))
      case .bigInteger(let digits): return .string(digits)
      case .bool(let flag): return .string(flag ? "true" : "false")
      case .number(let number): return .string(whole(number).map { String($0) } ?? number.description)
      default: return nil
      }
    case .integer:
      switch value {
      case .number(let number): return whole(number).map { .integer($0) }
      case .string(let text): return integer(text)
      case .bool(let flag): return .integer(flag ? 1 : 0)
      default: return nil
      }
    case .number:
      switch value {
      case .string(let text):
        if let whole = integer(text) { return whole }
        return Double(text).flatMap { $0.isFinite && $0.description == text ? .number($0) : nil }
      default: return nil
      }
    case .boolean:
      switch value {
      case .string("true"), .string("1"), .integer(1): return true
      case .string("false"), .string("0"), .integer(0): return false
      default: return nil
      }
    case .null, .array, .object: return nil
    }
  }

  /// Digits as an integer, where writing it again gives the same text.
  private static func integer(_ text: String) -> JSON? {
    Int64(text).flatMap { String($0) == text ? .integer($0) : nil }
  }

  /// A floating-point number as an integer, where it is one exactly.
  static func whole(_ number: Double) -> Int64? {
    guard abs(number) < 9_007_199_254_740_992, number == number.rounded() else { return nil }
    return Int64(number)
  }
}
