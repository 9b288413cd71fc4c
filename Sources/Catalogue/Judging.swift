public import JSON

/// What the answer of a write says took place.
public enum Judgement: Hashable, Sendable {
  /// It took effect.
  case confirmed
  /// It is queued; a read must tell.
  case accepted
  /// The answer proves nothing either way; a read must tell.
  case hinted
  /// It was refused, and did not take effect.
  case rejected(String)
}

/// What reading back says about a write.
public enum ReadBack: Hashable, Sendable {
  /// It took effect; believed at once.
  case done
  /// It did not; believed only from a read made `settleAfter` past the failure.
  case notDone
  /// Neither can be said: a person decides.
  case unclear(String)
}

extension Operation {
  /// What a write's answer with code 200 says, by the catalogue's rule; `hinted` for a write without a rule, and always
  /// `confirmed` for other operations.
  ///
  /// - Parameters:
  ///   - data: the answer's `data`, decoded or not.
  ///   - arguments: the write's arguments, which some rules compare with the answer; without them such a rule cannot
  ///     tell, and the answer counts as `hinted`.
  public func judge(_ data: JSON, of arguments: Arguments? = nil) -> Judgement {
    guard let rule = outcome else { return effect == .write ? .hinted : .confirmed }
    let context = RuleContext(arguments: arguments?.script ?? [:], answer: data)
    var isMissing = false
    for condition in rule.success {
      if arguments == nil, condition.needsArguments {
        isMissing = true
        continue
      }
      switch condition.holds(in: data, context) {
      case true?: continue
      case false?:
        if rule.answer == .hints { return .hinted }
        let found = data[pointer: condition.pointer]?.text() ?? "something else"
        return .rejected("\(condition.pointer) is \(found)")
      case nil: isMissing = true
      }
    }
    if isMissing { return .hinted }
    switch rule.answer {
    case .confirms: return .confirmed
    case .accepts: return .accepted
    case .hints: return rule.success.isEmpty ? .hinted : .confirmed
    }
  }

  /// The reads that tell what became of a write, each once; empty where the catalogue names none that can be made.
  ///
  /// - Parameters:
  ///   - answer: the `data` of the write's answer, where one came.
  ///   - intended: when the write was intended, ms since 1970; some rules look only at what is newer.
  public func readBacks(of arguments: Arguments, answer: JSON? = nil, intended: Int64? = nil) -> [ReadRequest] {
    let context = RuleContext(arguments: arguments.script, answer: answer, intended: intended)
    var unique: [ReadRequest] = []
    for request in outcome?.way(in: context)?.requests ?? [] where !unique.contains(request) { unique.append(request) }
    return unique
  }

  /// What the read-backs' answers say about a write.
  ///
  /// A write on several resources is done when all of them are, and not done when none is.
  ///
  /// - Parameters:
  ///   - answers: the `data` that the reads of `readBacks` answered, in their order.
  ///   - answer: the `data` of the write's answer, where one came.
  ///   - intended: when the write was intended, ms since 1970; rows older than that are not its own, where the
  ///     catalogue says in which field their time stands, and without it none is.
  public func judgeReadBack(
    of arguments: Arguments, answers: [JSON], answer: JSON? = nil, intended: Int64? = nil
  ) -> ReadBack {
    let context = RuleContext(arguments: arguments.script, answer: answer, intended: intended)
    guard let rule = outcome, let way = rule.way(in: context) else {
      return .unclear("\(id) cannot be read back")
    }
    let reads = readBacks(of: arguments, answer: answer, intended: intended)
    var verdicts: [ReadBack] = []
    for (request, element) in zip(way.requests, context.elements(of: way.each)) {
      guard let index = reads.firstIndex(of: request), answers.indices.contains(index) else {
        return .unclear("an answer is missing")
      }
      verdicts.append(rule.judge(answers[index], way.find, element))
    }
    if verdicts.allSatisfy({ $0 == .done }) { return .done }
    if verdicts.allSatisfy({ $0 == .notDone }) { return .notDone }
    if verdicts.count == 1 { return verdicts[0] }
    return .unclear("\(verdicts.count { $0 == .done }) of \(verdicts.count) are done")
  }

  /// The same for a write with a single read-back.
  public func judgeReadBack(
    of arguments: Arguments, data: JSON, answer: JSON? = nil, intended: Int64? = nil
  ) -> ReadBack {
    judgeReadBack(of: arguments, answers: [data], answer: answer, intended: intended)
  }
}

/// The reads that can be made, and how to find the write in them.
private struct ReadBackWay {
  var requests: [ReadRequest]
  var each: JSONPointer?
  var find: FindRule?
}

extension OutcomeRule {
  fileprivate func way(in context: RuleContext) -> ReadBackWay? {
    if let read, let requests = read.requests(in: context) {
      return ReadBackWay(requests: requests, each: read.each, find: find)
    }
    guard let read = fallbackRead, let requests = read.requests(in: context) else { return nil }
    return ReadBackWay(requests: requests, each: read.each, find: fallbackFind)
  }

  fileprivate func judge(_ data: JSON, _ find: FindRule?, _ context: RuleContext) -> ReadBack {
    guard let find else { return verdict(on: data, isRow: false, context) }
    guard let rows = find.candidates(in: data) else { return .unclear("the answer holds no list to look in") }
    let matching = rows.filter { find.matches($0, context) }
    switch matching.count {
    case 0:
      if done == .absent { return .done }
      return notDone == .absent ? .notDone : .unclear("no row is the write's")
    case 1:
      if notDone == .found, done == .absent { return .notDone }
      return verdict(on: matching[0], isRow: true, context)
    default: return .unclear("\(matching.count) rows could be the write's")
    }
  }

  private func verdict(on document: JSON, isRow: Bool, _ context: RuleContext) -> ReadBack {
    if done.holds(on: document, isRow: isRow, context) { return .done }
    if notDone.holds(on: document, isRow: isRow, context) { return .notDone }
    guard notDone == .otherwise, case .holds(let conditions) = done,
      conditions.allSatisfy({ $0.holds(in: document, context) != nil })
    else { return .unclear("the answer says neither done nor not done") }
    return .notDone
  }
}

extension Verdict {
  fileprivate func holds(on document: JSON, isRow: Bool, _ context: RuleContext) -> Bool {
    switch self {
    case .holds(let conditions): conditions.allSatisfy { $0.holds(in: document, context) == true }
    case .found: isRow || !document.isNull
    case .absent: !isRow && document.isNull
    case .otherwise, .never: false
    }
  }
}

extension FindRule {
  /// The rows it looks through; nil where none of its lists is there.
  func candidates(in data: JSON) -> [JSON]? {
    if let rows = data.array { return rows }
    let lists = rows.compactMap { candidates(in: data, at: $0) }
    return lists.isEmpty ? nil : lists.flatMap { $0 }
  }

  private func candidates(in data: JSON, at rows: JSONPointer) -> [JSON]? {
    let places = data.all(at: rows)
    if places.isEmpty { return rows.tokens.contains("*") ? emptyList(in: data, at: rows) : nil }
    var found: [JSON] = []
    for place in places {
      switch place.value {
      case .array(let elements): found += elements
      case .null: continue
      case .object where rows.tokens.last == "*": found.append(place.value)
      default: return nil
      }
    }
    return found
  }

  /// No rows, where the list before the first `*` is there and empty.
  private func emptyList(in data: JSON, at rows: JSONPointer) -> [JSON]? {
    let outer = JSONPointer(tokens: Array(rows.tokens.prefix { $0 != "*" }))
    return data[pointer: outer]?.array.map { _ in [] }
  }

  func matches(_ row: JSON, _ context: RuleContext) -> Bool {
    guard conditions.allSatisfy({ $0.holds(in: row, context) == true }) else { return false }
    guard let newer else { return true }
    guard let intended = context.intended, let time = row[pointer: newer]?.scalarText.flatMap({ Int64($0) }) else {
      return false
    }
    return time >= intended
  }
}
