/// One thing that goes wrong with an exchange.
public enum Fault: Sendable, Hashable {
  /// HTTP 429 with `Retry-After` of so many seconds; not carried out.
  case rateLimit(retryAfter: Int)
  /// HTTP 200 with code 429; not carried out.
  case rateLimitCode
  /// That status; not carried out.
  case serverError(status: Int)
  /// That status, though carried out.
  case serverErrorAfter(status: Int)
  /// The answer is held back for so many milliseconds.
  case delay(milliseconds: Int64)
  /// Carried out only so many milliseconds later; nobody gets the answer, and the connection is reset by then.
  case late(milliseconds: Int64)
  /// The connection is reset; not carried out.
  case resetBefore
  /// The connection is reset, though carried out.
  case resetAfter
  /// Half of the body, then a reset; carried out.
  case truncate
  /// HTTP 200 with an HTML page; not carried out.
  case html
  /// HTTP 200 with an HTML page, though carried out.
  case htmlAfter
  /// Some scalars of the answer change type: numbers to text, digits to numbers, booleans to text.
  case flipScalars
  /// Every id of the answer is an integer.
  case integerIDs
  /// Every id of the world has 19 digits; holds for the whole world.
  case longIDs
  /// Lists show rows as they were so many milliseconds ago.
  case staleList(lag: Int64)
  /// Pages after the first repeat the last row of the page before.
  case duplicateRows
  /// A callback is never sent, nor sent again: the receiver can only find out by asking.
  case dropCallback
  /// A callback is sent so many times more.
  case duplicateCallback(copies: Int)
  /// A callback is held back for a span drawn from zero to so many milliseconds, so that others overtake it.
  case reorderCallback(within: Int64)

  /// Whether the fault is one of callbacks only.
  var isOfCallbacks: Bool {
    switch self {
    case .dropCallback, .duplicateCallback, .reorderCallback: true
    default: false
    }
  }

  /// Every name, in the order of the documentation.
  public static let names = [
    "rate-limit", "rate-limit-code", "server-error", "server-error-after", "delay", "late", "reset-before",
    "reset-after",
    "truncate", "html", "html-after", "flip-scalars", "integer-ids", "long-ids", "stale-list", "duplicate-rows",
    "drop-callback", "duplicate-callback", "reorder-callback",
  ]

  init(name: String, value: String?, rule: String) throws(FaultPlanError) {
    func number(_ range: ClosedRange<Int>, _ standard: Int) throws(FaultPlanError) -> Int {
      guard let value else { return standard }
      guard let number = Int(value), range.contains(number) else {
        throw FaultPlanError(rule: rule, reason: "'\(value)' is not from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    func span(_ standard: Int64) throws(FaultPlanError) -> Int64 {
      guard let value else { return standard }
      guard let span = Span.parse(value), span >= 0 else {
        throw FaultPlanError(rule: rule, reason: "'\(value)' is no span of time such as 250ms, 10s or 5m")
      }
      return span
    }
    let plain: [String: Fault] = [
      "rate-limit-code": .rateLimitCode, "reset-before": .resetBefore, "reset-after": .resetAfter,
      "truncate": .truncate, "html": .html, "html-after": .htmlAfter, "flip-scalars": .flipScalars,
      "integer-ids": .integerIDs, "long-ids": .longIDs, "duplicate-rows": .duplicateRows,
      "drop-callback": .dropCallback,
    ]
    switch name {
    case "rate-limit": self = .rateLimit(retryAfter: try number(0...3600, 1))
    case "server-error": self = .serverError(status: try number(500...599, 503))
    case "server-error-after": self = .serverErrorAfter(status: try number(500...599, 500))
    case "delay": self = .delay(milliseconds: try span(250))
    case "late": self = .late(milliseconds: try span(5 * Span.second))
    case "duplicate-callback": self = .duplicateCallback(copies: try number(1...100, 1))
    case "reorder-callback": self = .reorderCallback(within: try span(Span.minute))
    case "stale-list": self = .staleList(lag: try span(10 * Span.minute))
    default:
      guard let fault = plain[name] else {
        throw FaultPlanError(rule: rule, reason: "no fault '\(name)'; there are \(Fault.names.joined(separator: ", "))")
      }
      guard value == nil else { throw FaultPlanError(rule: rule, reason: "'\(name)' takes no value") }
      self = fault
    }
  }

  /// The fault as text, with its value.
  var text: String {
    switch self {
    case .rateLimit(let seconds): "rate-limit=\(seconds)"
    case .rateLimitCode: "rate-limit-code"
    case .serverError(let status): "server-error=\(status)"
    case .serverErrorAfter(let status): "server-error-after=\(status)"
    case .delay(let milliseconds): "delay=\(milliseconds)ms"
    case .late(let milliseconds): "late=\(milliseconds)ms"
    case .resetBefore: "reset-before"
    case .resetAfter: "reset-after"
    case .truncate: "truncate"
    case .html: "html"
    case .htmlAfter: "html-after"
    case .flipScalars: "flip-scalars"
    case .integerIDs: "integer-ids"
    case .longIDs: "long-ids"
    case .staleList(let lag): "stale-list=\(lag)ms"
    case .duplicateRows: "duplicate-rows"
    case .dropCallback: "drop-callback"
    case .duplicateCallback(let copies): "duplicate-callback=\(copies)"
    case .reorderCallback(let span): "reorder-callback=\(span)ms"
    }
  }
}
