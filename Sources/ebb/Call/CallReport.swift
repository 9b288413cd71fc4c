import Catalogue
import JSON
import PandaPon
import Redaction

/// What became of one call, as `ebb call` prints it.
struct CallReport {
  /// The answer, where the call succeeded.
  private let answer: Answer?
  private let operation: Operation
  private let profile: Profile
  /// What the catalogue makes of a write's answer; nil for reads.
  private let judgement: Judgement?
  /// Why the command must fail; nil where it must not.
  let failure: CommandFailure?

  init(_ operation: Operation, _ arguments: Arguments, profile: Profile, outcome: Outcome) {
    self.operation = operation
    self.profile = profile
    switch outcome {
    case .ok(let answer):
      let judgement = operation.effect == .write ? operation.judge(answer.data, of: arguments) : nil
      self.answer = answer
      self.judgement = judgement
      if case .rejected(let reason)? = judgement {
        failure = Self.refusal(of: operation, reason, answer)
      } else {
        failure = nil
      }
    case .rejected(let failure), .notSent(let failure):
      (answer, judgement) = (nil, nil)
      self.failure = Self.commandFailure(failure, operation, inDoubt: false)
    case .unknown(let failure):
      (answer, judgement) = (nil, nil)
      self.failure = Self.commandFailure(failure, operation, inDoubt: operation.effect == .write)
    }
  }

  /// For people: the data, and one line about the exchange.
  func text(_ terminal: Terminal) -> String {
    guard let answer else { return "" }
    var lines = [Terminal.clean(redact(answer.data.text(.pretty)), keepLines: true)]
    // A terminal is one of the two places that may show a secret of an answer, a channel the other.
    if terminal.width != nil {
      for secret in answer.secrets {
        let value = secret.open { String(decoding: $0, as: UTF8.self) }
        lines.append("\(secret.handle) = \(Terminal.clean(value))")
      }
    }
    lines.append(terminal.style.paint(Terminal.clean(redact(summary(answer))), .faint))
    return lines.joined(separator: "\n")
  }

  /// For machines: `{status, operation, profile, outcome, data, code, msg, request_id, attempts}`.
  var document: JSON {
    guard let answer else { return failure?.document ?? .null }
    return [
      "status": "succeeded", "operation": .string(operation.id), "profile": .string(profile.name),
      "outcome": .string(outcome), "data": answer.data, "code": answer.code.map { .integer(Int64($0)) } ?? .null,
      "msg": answer.message.map(JSON.string) ?? .null, "request_id": answer.requestID.map(JSON.string) ?? .null,
      "attempts": .integer(Int64(answer.attempts)),
    ]
  }

  private var outcome: String {
    switch judgement {
    case nil: "read"
    case .confirmed?: "confirmed"
    case .accepted?: "accepted"
    case .hinted?: "hinted"
    case .rejected?: "rejected"
    }
  }

  private func summary(_ answer: Answer) -> String {
    var parts = ["\(operation.id) as \(profile.name)"]
    switch judgement {
    case .accepted?: parts.append("accepted, not yet done: \(readBack)")
    case .hinted?: parts.append("the answer is a hint only: \(readBack)")
    case .confirmed?: parts.append("confirmed")
    default: break
    }
    if let id = answer.requestID { parts.append("request \(id)") }
    if answer.attempts > 1 { parts.append("\(answer.attempts) attempts") }
    return parts.joined(separator: " · ")
  }

  private var readBack: String {
    operation.outcome?.read.map { "see \($0.operation)" } ?? "look in the console"
  }
}

extension CallReport {
  /// The API answered a write with success, and said in it that nothing was done.
  private static func refusal(of operation: Operation, _ reason: String, _ answer: Answer) -> CommandFailure {
    var details: JSONObject = ["operation": .string(operation.id), "data": answer.data]
    details["request_id"] = answer.requestID.map(JSON.string)
    return CommandFailure(
      .failed, "\(operation.id) was answered, but not carried out: \(reason)",
      hint: operation.outcome?.read.map { "ebb call \($0.operation) shows how it stands" }, label: "rejected",
      details: details)
  }

  private static func commandFailure(_ failure: Failure, _ operation: Operation, inDoubt: Bool) -> CommandFailure {
    var details: JSONObject = ["operation": .string(operation.id), "attempts": .integer(Int64(failure.attempts))]
    details["api_code"] = failure.apiCode.map { .integer(Int64($0)) }
    details["request_id"] = failure.requestID.map(JSON.string)
    details["reason"] = .string(failure.label)
    var hint = failure.hint
    if failure.code == .unauthorized && failure.label != "no_credentials" { hint = signatureHint(failure.hint) }
    if inDoubt {
      let look = operation.outcome?.read.map { "look with ebb call \($0.operation)" } ?? "look in PandaPon's console"
      hint = [hint, "it may have taken effect: \(look) before sending it again"].compactMap(\.self)
        .joined(separator: "\n")
    }
    return CommandFailure(
      status(failure, inDoubt: inDoubt), "\(failure)", hint: hint, label: inDoubt ? "in_doubt" : "\(failure.code)",
      details: details)
  }

  private static func status(_ failure: Failure, inDoubt: Bool) -> ExitStatus {
    if inDoubt { return .failed }
    switch failure.code {
    case .unauthorized: return .configuration
    case .refusedByPolicy: return .refused
    case .invalid: return .usage
    case .unavailable, .rateLimited: return .unreachable
    default: return .failed
    }
  }

  /// The ways out of a refused signature, one a line, as the client names them, and where to read on.
  static func signatureHint(_ ways: String?) -> String {
    let lines = (ways ?? "").split(separator: "; ").map(String.init)
    return (lines + ["docs/signing.md explains the recipe, and `signing` in ebb.yaml sets it"]).joined(separator: "\n")
  }
}
