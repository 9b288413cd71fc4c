public import JSON

/// An error as scripts see it: a table with `code` and `message` that `pcall` catches (conventions.md, "Errors in Lua").
public struct ScriptFailure: Error, Hashable, Sendable {
  /// What went wrong, as scripts compare it.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    case rejected
    case notFound = "not_found"
    case claimed
    case held
    case `guard`
    case invalid
    case unavailable
    case refused
    case credentials
    case inDoubt = "in_doubt"
    /// What a planned write stands on is not as it was when the plan was made.
    case drifted
    case tooManyPages = "too_many_pages"
    /// A call that leaves the script while only its header is read.
    case header
  }

  public let code: Code
  public let message: String
  /// The operation that failed, if one did.
  public var operation: String?
  /// The API's own code of a business failure.
  public var apiCode: Int?
  public var requestID: String?
  /// Whether doing the same again may succeed.
  public var isRetryable = false
  /// The state of the write's effect, where the failure was a write.
  public var effect: String?
  /// What to do about it, for a person.
  public var hint: String?

  /// A failure of that kind.
  public init(_ code: Code, _ message: String, operation: String? = nil, hint: String? = nil) {
    self.code = code
    self.message = message
    self.operation = operation
    self.hint = hint
  }

  /// The fields of the table that the script catches.
  public var fields: JSON {
    var fields: JSONObject = [
      "code": .string(code.rawValue), "message": .string(message), "retryable": .bool(isRetryable),
    ]
    fields["operation"] = operation.map(JSON.string)
    fields["api_code"] = apiCode.map { .integer(Int64($0)) }
    fields["request_id"] = requestID.map(JSON.string)
    fields["effect"] = effect.map(JSON.string)
    fields["hint"] = hint.map(JSON.string)
    return .object(fields)
  }

  /// Reads back the fields of ``fields``; nil where a script raised a table of its own.
  public init?(fields: JSON) {
    guard let code = fields["code"]?.string.flatMap(Code.init(rawValue:)), let message = fields["message"]?.string
    else {
      return nil
    }
    self.init(code, message, operation: fields["operation"]?.string, hint: fields["hint"]?.string)
    apiCode = fields["api_code"]?.integer.map(Int.init)
    requestID = fields["request_id"]?.string
    isRetryable = fields["retryable"]?.bool ?? false
    effect = fields["effect"]?.string
  }
}
