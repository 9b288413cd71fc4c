import JSON
import Redaction

/// Why a command ended without doing what was asked: what a person did wrong or what the world refused.
///
/// Prints as `ebb: message` and `hint: hint`; with `--json` as ``document``.
struct CommandFailure: Error, Sendable, CustomStringConvertible {
  /// The exit code.
  var status: ExitStatus
  /// A bounded word for machines, e.g. `unknown_operation`, `rejected`, `in_doubt`.
  var label: String
  /// What went wrong, in one sentence, without a full stop.
  var message: String
  /// What to do about it; several lines are allowed.
  var hint: String?
  /// More fields for the `error` object of the `--json` document, e.g. `request_id`.
  var details: JSONObject

  /// Creates a failure; `label` defaults to the status's own word.
  init(
    _ status: ExitStatus, _ message: String, hint: String? = nil, label: String? = nil,
    details: JSONObject = JSONObject()
  ) {
    self.status = status
    self.label = label ?? status.label
    self.message = message
    self.hint = hint
    self.details = details
  }

  /// A mistake on the command line: exit code 2.
  static func usage(_ message: String, hint: String? = nil, label: String = "usage") -> CommandFailure {
    CommandFailure(.usage, message, hint: hint, label: label)
  }

  /// A mistake in `ebb.yaml`, the environment or the credentials: exit code 3.
  static func configuration(_ message: String, hint: String? = nil, label: String = "configuration") -> CommandFailure {
    CommandFailure(.configuration, message, hint: hint, label: label)
  }

  var description: String { message }

  /// What stderr shows: every line of the message and the hint is cleaned of control characters, since both may quote
  /// what a server or a file said.
  func text(style: Style = .plain) -> String {
    var lines = [style.paint("ebb:", .error) + " " + Terminal.clean(redact(message), keepLines: true)]
    if let hint {
      let parts = Terminal.clean(redact(hint), keepLines: true).split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        lines.append(index == 0 ? style.paint("hint:", .faint) + " " + part : "      " + part)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The `--json` document of a command that failed: `{status, exit_code, error: {code, message, hint, …}}`.
  var document: JSON {
    var error = JSONObject([(key: "code", value: .string(label)), (key: "message", value: .string(redact(message)))])
    error["hint"] = hint.map { .string(redact($0)) }
    for (key, value) in details { error[key] = value }
    return .object(
      JSONObject([
        (key: "status", value: "failed"),
        (key: "exit_code", value: .integer(Int64(status.rawValue))),
        (key: "error", value: .object(error)),
      ]))
  }
}
