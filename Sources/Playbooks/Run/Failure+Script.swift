import Catalogue
import JSON
import PandaPon

extension Answer {
  /// What a binding returns: `data, meta` (decisions.md, "Types and values").
  var values: [JSON] {
    [
      data,
      [
        "code": code.map { .integer(Int64($0)) } ?? .null, "msg": message.map(JSON.string) ?? .null,
        "request_id": requestID.map(JSON.string) ?? .null,
      ],
    ]
  }
}

extension Failure {
  /// The failure as the script sees it.
  func script(of operation: Operation) -> ScriptFailure {
    var failure = ScriptFailure(scriptCode, message, operation: operation.id, hint: hint)
    failure.apiCode = apiCode
    failure.requestID = requestID
    failure.isRetryable = code == .unavailable || code == .rateLimited
    return failure
  }

  private var scriptCode: ScriptFailure.Code {
    switch code {
    case .notFound: .notFound
    case .invalid: .invalid
    case .unavailable, .rateLimited: .unavailable
    case .inDoubt: .inDoubt
    case .refusedByPolicy: .refused
    case .unauthorized: .credentials
    default: .rejected
    }
  }
}
