/// What goes wrong, and when: rules read from text such as `rate-limit:0.05,reset-after@taobao.refunds.cancel:2`.
///
/// A rule is `NAME[=VALUE][@OPERATIONS][:WHEN]`. OPERATIONS is an operation id with `*` for any text. WHEN is a rate
/// (`0.05`, `5%`), a count for the first so many (`2`), `every-4`, or `nth-3`; without it the rule always holds.
public struct FaultPlan: Sendable, Hashable {
  /// The rules, in order; several may strike one request.
  public var rules: [FaultRule]

  /// Nothing goes wrong.
  public static let none = FaultPlan(rules: [])

  /// Those rules.
  public init(rules: [FaultRule]) {
    self.rules = rules
  }

  /// Reads rules, separated by commas.
  ///
  /// - Throws: `FaultPlanError` naming the rule and what is wrong with it.
  public init(parsing text: String) throws(FaultPlanError) {
    rules = []
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let rule = piece.trimmed
      if rule.isEmpty, text.trimmed.isEmpty { continue }
      rules.append(try FaultRule(parsing: String(rule)))
    }
  }

  /// Whether every id of the world has 19 digits: a property of the world, not of a request.
  var usesLongIDs: Bool { rules.contains { $0.fault == .longIDs } }

  /// The rules as text.
  public var text: String { rules.map(\.text).joined(separator: ",") }
}

/// One fault, the operations it strikes, and when.
public struct FaultRule: Sendable, Hashable {
  /// What goes wrong.
  public var fault: Fault
  /// Operation ids, with `*` for any text.
  public var operations: String
  /// When it strikes.
  public var trigger: Trigger

  /// When a rule strikes, counted over the requests that its operations match.
  public enum Trigger: Sendable, Hashable {
    /// Every time.
    case always
    /// With that probability, drawn from the seed and the request's number.
    case rate(Double)
    /// The first so many times.
    case first(Int)
    /// Every so manyth time.
    case every(Int)
    /// That time only, counted from 1.
    case nth(Int)
  }

  /// A rule.
  public init(_ fault: Fault, operations: String = "*", trigger: Trigger = .always) {
    self.fault = fault
    self.operations = operations
    self.trigger = trigger
  }

  init(parsing text: String) throws(FaultPlanError) {
    var rest = text[...]
    trigger = .always
    operations = "*"
    if let colon = rest.lastIndex(of: ":") {
      trigger = try Trigger(parsing: rest[rest.index(after: colon)...], of: text)
      rest = rest[..<colon]
    }
    if let at = rest.firstIndex(of: "@") {
      operations = String(rest[rest.index(after: at)...])
      guard !operations.isEmpty else { throw FaultPlanError(rule: text, reason: "no operation after '@'") }
      rest = rest[..<at]
    }
    var value: Substring?
    if let equals = rest.firstIndex(of: "=") {
      value = rest[rest.index(after: equals)...]
      rest = rest[..<equals]
    }
    fault = try Fault(name: String(rest), value: value.map(String.init), rule: text)
  }

  /// The rule as text.
  public var text: String {
    "\(fault.text)\(operations == "*" ? "" : "@\(operations)")\(trigger.text)"
  }

  /// Whether the rule is about that operation.
  func matches(_ operation: String) -> Bool {
    let isEvent = operation.contains(".events.")
    if fault.isOfCallbacks, !isEvent { return false }
    // Of the faults of requests only a delay means something for a callback.
    if isEvent, !fault.isOfCallbacks {
      guard case .delay = fault, operations != "*" else { return false }
    }
    return operations == "*" || Glob.matches(operations, operation)
  }

  /// Whether the rule strikes the `count`th request it matches (from 1).
  func strikes(count: Int, seed: UInt64, index: Int) -> Bool {
    switch trigger {
    case .always: return true
    case .first(let limit): return count <= limit
    case .every(let step): return count % step == 0
    case .nth(let number): return count == number
    case .rate(let rate):
      var draws = SeededGenerator(seed: seed, subject: "fault/\(index)", turn: count)
      return draws.fraction() < rate
    }
  }
}

extension FaultRule.Trigger {
  init(parsing text: Substring, of rule: String) throws(FaultPlanError) {
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) {
      self = .rate(percent / 100)
    } else if text.hasPrefix("every-"), let step = Int(text.dropFirst(6)), step > 0 {
      self = .every(step)
    } else if text.hasPrefix("nth-"), let number = Int(text.dropFirst(4)), number > 0 {
      self = .nth(number)
    } else if let count = Int(text), count >= 0 {
      self = .first(count)
    } else if let rate = Double(text), (0...1).contains(rate) {
      self = .rate(rate)
    } else {
      throw FaultPlanError(rule: rule, reason: "'\(text)' is no rate, count, every-N or nth-N")
    }
  }

  var text: String {
    switch self {
    case .always: ""
    case .rate(let rate): ":\(rate)"
    case .first(let count): ":\(count)"
    case .every(let step): ":every-\(step)"
    case .nth(let number): ":nth-\(number)"
    }
  }
}

/// Why text is no fault plan.
public struct FaultPlanError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The rule that cannot be read.
  public let rule: String
  /// What is wrong with it.
  public let reason: String

  public var description: String { "fault '\(rule)': \(reason)" }
}

extension StringProtocol {
  fileprivate var trimmed: SubSequence {
    guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
      return prefix(0)
    }
    return self[first...last]
  }
}

/// Text with `*` for any run of characters.
enum Glob {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
    var (place, position) = (0, 0)
    var star: (place: Int, position: Int)?
    while position < text.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, position)
        place += 1
      } else if place < pattern.count, pattern[place] == text[position] {
        place += 1
        position += 1
      } else if let last = star {
        star = (last.place, last.position + 1)
        place = last.place + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
