public import JSON

/// What the values of a rule are taken from.
public struct RuleContext: Sendable {
  /// The write's arguments in script form.
  public var arguments: JSON
  /// The `data` of the write's answer; nil where none came.
  public var answer: JSON?
  /// The `data` of the read before; nil where none was made.
  public var before: JSON?
  /// When the write was intended, ms since 1970.
  public var intended: Int64?
  /// Which element of a list in the arguments is meant, where a rule goes through one.
  public var element: Element?
  /// What placeholders begin with, e.g. `plan:5/2`.
  public var placeholder: String

  /// One element of a list in the arguments.
  public struct Element: Hashable, Sendable {
    /// Where the list stands.
    public let list: JSONPointer
    /// Which element, counted from 0.
    public let index: Int
  }

  /// A context of those values.
  public init(
    arguments: JSON, answer: JSON? = nil, before: JSON? = nil, intended: Int64? = nil, placeholder: String = "plan:"
  ) {
    self.arguments = arguments
    self.answer = answer
    self.before = before
    self.intended = intended
    self.placeholder = placeholder
  }
}

extension RuleContext {
  fileprivate func argument(at pointer: JSONPointer) -> JSON? {
    guard let element, pointer.tokens.starts(with: element.list.tokens + ["*"]) else {
      return arguments[pointer: pointer]
    }
    let rest = pointer.tokens.dropFirst(element.list.tokens.count + 1)
    return arguments[pointer: JSONPointer(tokens: element.list.tokens + [String(element.index)] + rest)]
  }

  /// This context once for every element of the list, or once where there is no list.
  func elements(of list: JSONPointer?) -> [RuleContext] {
    guard let list else { return [self] }
    return (arguments[pointer: list]?.array ?? []).indices.map { index in
      var context = self
      context.element = Element(list: list, index: index)
      return context
    }
  }
}

extension Source {
  /// The value, or nil where what it is taken from is missing.
  public func value(in context: RuleContext) -> JSON? {
    switch self {
    case .literal(let value): return value
    case .argument(let pointer): return context.argument(at: pointer)
    case .answer(let pointer): return context.answer?[pointer: pointer]
    case .before(let pointer): return context.before?[pointer: pointer]
    case .plan(let name): return .string(name.isEmpty ? context.placeholder : "\(context.placeholder)/\(name)")
    case .since(let span):
      return context.intended.map { .integer(max(0, $0 - span.components.seconds * 1000)) }
    case .array(let elements): return .array(elements.map { $0.value(in: context) ?? .null })
    case .object(let members):
      var object = JSONObject()
      for key in members.keys.sorted() {
        object[key] = members[key]?.value(in: context) ?? .null
      }
      return .object(object)
    }
  }

  /// Whether it can only be known from the write's answer.
  var needsAnswer: Bool {
    switch self {
    case .answer: true
    case .array(let elements): elements.contains(where: \.needsAnswer)
    case .object(let members): members.values.contains(where: \.needsAnswer)
    case .literal, .argument, .before, .plan, .since: false
    }
  }
}

/// A read to be made, with the arguments as a script would give them.
public struct ReadRequest: Hashable, Sendable {
  /// The read's id.
  public let operation: String
  /// The table to call it with.
  public let arguments: JSON

  /// A read of that operation with those arguments, in script form.
  public init(operation: String, arguments: JSON) {
    self.operation = operation
    self.arguments = arguments
  }
}

extension ReadRule {
  /// The requests, one per element where the rule goes through a list; nil where a value they need is missing, or the
  /// list is empty.
  func requests(in context: RuleContext) -> [ReadRequest]? {
    let contexts = context.elements(of: each)
    let requests = contexts.compactMap { request(in: $0) }
    return requests.count == contexts.count && !requests.isEmpty ? requests : nil
  }

  /// The request, or nil where a value it needs is missing.
  public func request(in context: RuleContext) -> ReadRequest? {
    var values = JSONObject()
    for name in arguments.keys.sorted() {
      guard let value = arguments[name]?.value(in: context), !value.isNull else { return nil }
      values[name] = value
    }
    return ReadRequest(operation: operation, arguments: .object(values))
  }

  /// Whether it can be made only after an answer.
  public var needsAnswer: Bool { arguments.values.contains(where: \.needsAnswer) }
}

extension JSON {
  /// Whether two values are equal, scalars compared as text.
  fileprivate func says(_ other: JSON) -> Bool {
    if let text = scalarText, let otherText = other.scalarText { return text == otherText }
    return self == other
  }
}

extension Condition {
  /// Whether it compares with the write's arguments.
  var needsArguments: Bool {
    values.contains { if case .argument = $0 { true } else { false } }
  }

  /// Whether the document holds one of the values at the pointer, compared as text; nil where that cannot be said
  /// because nothing is there.
  ///
  /// With `*` in the pointer every element must hold one. `null` among the values stands for null and for absent.
  func holds(in document: JSON, _ context: RuleContext) -> Bool? {
    let found = document.all(at: pointer).map(\.value)
    let wanted = values.compactMap { $0.value(in: context) }
    if found.isEmpty { return wanted.contains(.null) ? true : nil }
    let strange = found.filter { value in !wanted.contains { $0.says(value) } }
    if strange.isEmpty { return true }
    return strange.contains { !$0.isNull } ? false : nil
  }
}
