import Foundation
import JSON
import PandaPon
import Redaction
import Vault

/// What `ebb profiles solve-signature` is given: a request or a callback that is known to be good, and the secret.
struct SolveInput {
  /// All but the secret, by its name in the input.
  private let fields: JSONObject
  /// Nil where the input has none: the profile's is taken then.
  let secret: SecretBytes?

  private static let known = [
    "access_key", "nonce_str", "timestamp", "user_id", "signature", "access_secret", "method", "path", "query", "body",
    "authorization",
  ]
  private static let secretName = "access_secret"

  /// Reads one JSON object. The secret is taken out of the bytes before they are read, so that it never becomes text.
  ///
  /// - Throws: `CommandFailure` of status `usage` where it is no such object.
  init(parsing input: SecretBytes) throws(CommandFailure) {
    let members: SecretMembers
    do {
      members = try SecretMembers(input, names: [Self.secretName])
    } catch {
      throw .usage("standard input: \(error)", hint: Self.hint)
    }
    let object = members.rest.object ?? [:]
    for key in object.keys where !Self.known.contains(key) {
      throw .usage(
        "standard input has an unknown member \"\(key)\"",
        hint: Suggestion.hint(for: key, in: Self.known) ?? Self.hint)
    }
    fields = object
    secret = members.secrets[Self.secretName].flatMap { $0.count == 0 ? nil : $0 }
    secret?.withBytes { hide(secret: $0) }
  }

  /// Asks a person, part by part.
  init(asking isCallback: Bool) throws(CommandFailure) {
    guard Terminal.current.canAsk else {
      throw .usage("nobody can be asked here", hint: "give one JSON object on standard input, with --from-stdin")
    }
    var fields = JSONObject()
    let questions =
      isCallback
      ? [("access_key", "access key"), ("authorization", "Authorization header"), ("body", "body, in one line")]
      : [
        ("access_key", "access-key"), ("timestamp", "timestamp"), ("nonce_str", "nonce-str"),
        ("user_id", "user-id (empty: none)"), ("signature", "signature"), ("method", "method (empty: not known)"),
        ("path", "path with its query (empty: not known)"), ("body", "body in one line (empty: none)"),
      ]
    for (name, question) in questions {
      Terminal.write(question + ": ", to: STDERR_FILENO)
      if let answer = readLine(), !answer.isEmpty { fields[name] = .string(answer) }
    }
    self.fields = fields
    secret = HiddenInput.ask("access secret (not shown): ").flatMap { $0.count == 0 ? nil : $0 }
  }

  private static let hint = """
    {"access_key": …, "nonce_str": …, "timestamp": …, "user_id": …, "signature": …, "access_secret": …, "method": …, \
    "path": …, "body": …}; for --callback: {"access_key": …, "authorization": …, "body": …, "access_secret": …}
    """

  /// The request.
  func example() throws(CommandFailure) -> SignedExample {
    do {
      return try SignedExample(
        accessKey: text("access_key") ?? "", timestamp: text("timestamp") ?? "", nonce: text("nonce_str"),
        userID: text("user_id"), method: text("method"), path: text("path"), query: text("query"), body: body,
        signature: text("signature") ?? "")
    } catch {
      throw .usage("\(error)", hint: error.hint, label: error.label)
    }
  }

  /// The callback's `Authorization` and its body.
  func callback() throws(CommandFailure) -> (authorization: String, body: [UInt8]) {
    guard let authorization = text("authorization") ?? text("signature") else {
      throw .usage("the callback has no authorization", hint: "copy the header Authorization as it was received")
    }
    guard let body else {
      throw .usage("the callback has no body", hint: "copy it byte for byte as it was received")
    }
    return (authorization, body)
  }

  /// The access key; nil where the input has none.
  var accessKey: String? { text("access_key") }

  private func text(_ name: String) -> String? { fields[name]?.scalarText }

  /// A body that is written as JSON itself is the text that a compact writer makes of it; as text it is byte for byte.
  private var body: [UInt8]? {
    switch fields["body"] {
    case nil, .null?: nil
    case .string(let text)?: Array(text.utf8)
    case let value?: value.bytes(.compact)
    }
  }
}
