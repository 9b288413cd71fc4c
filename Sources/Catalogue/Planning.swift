public import JSON

extension Operation {
  /// What a captured write answers in a plan; nil where the catalogue does not say.
  ///
  /// - Parameters:
  ///   - before: the `data` of the read before, where one was made.
  ///   - placeholder: what stands for ids that would be created, e.g. `plan:5/2`.
  public func plannedAnswer(to arguments: Arguments, before: JSON?, placeholder: String) -> JSON? {
    plan?.answer.value(
      in: RuleContext(arguments: arguments.script, before: before, placeholder: placeholder))
  }

  /// The `data` of a later read as it would be had this captured write taken effect.
  ///
  /// - Parameters:
  ///   - read: the read that was made, with its arguments in script form.
  ///   - arguments: the captured write's arguments.
  ///   - answer: what the captured write answered.
  /// - Returns: `data` unchanged where the read shows something else.
  public func overlay(
    on data: JSON, of read: ReadRequest, arguments: Arguments, answer: JSON?, before: JSON? = nil
  ) -> JSON {
    guard let plan else { return data }
    let context = RuleContext(arguments: arguments.script, answer: answer, before: before)
    var shown = data
    let reads = readBacks(of: arguments, answer: answer)
    if outcome?.find == nil, reads.contains(where: { $0.isShown(by: read) }) {
      for assignment in plan.set {
        if let value = assignment.value.value(in: context) { shown.assign(value, at: assignment.pointer.tokens[...]) }
      }
    }
    for overlay in plan.rows where overlay.operation == read.operation {
      for element in context.elements(of: overlay.each) {
        for place in overlay.find.rows { shown.update(at: place.tokens[...]) { overlay.change(&$0, element) } }
      }
    }
    return shown
  }
}

extension RowOverlay {
  fileprivate func change(_ row: inout JSON, _ context: RuleContext) {
    guard find.matches(row, context) else { return }
    for assignment in set {
      if let value = assignment.value.value(in: context) { row.assign(value, at: assignment.pointer.tokens[...]) }
    }
  }
}

extension ReadRequest {
  /// Whether another read asks for the same resource: the same operation, and the same values compared as text.
  func isShown(by other: ReadRequest) -> Bool {
    guard operation == other.operation else { return false }
    return (arguments.object ?? [:]).allSatisfy { name, value in
      guard let text = value.scalarText else { return other.arguments[name] == value }
      return other.arguments[name]?.scalarText == text
    }
  }
}

extension JSON {
  /// Puts a value where the tokens say, in every element where one is `*`.
  mutating func assign(_ value: JSON, at tokens: ArraySlice<String>) {
    guard let star = tokens.firstIndex(of: "*") else {
      set(value, at: JSONPointer(tokens: Array(tokens)))
      return
    }
    let rest = tokens[(star + 1)...]
    update(at: tokens[..<star]) { element in element.assign(value, at: rest) }
  }

  /// Changes every element of the list where the tokens lead; `*` goes through lists on the way.
  mutating func update(at tokens: ArraySlice<String>, _ change: (inout JSON) -> Void) {
    let head = tokens.prefix { $0 != "*" }
    let pointer = JSONPointer(tokens: Array(head))
    guard case .array(var elements)? = self[pointer: pointer] else { return }
    let rest = tokens.dropFirst(head.count + 1)
    for index in elements.indices {
      if head.count == tokens.count || rest.isEmpty {
        change(&elements[index])
      } else {
        elements[index].update(at: rest, change)
      }
    }
    set(.array(elements), at: pointer)
  }
}
