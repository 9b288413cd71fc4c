import Redaction

/// A request's values as pieces of payloads: those that were copied, in the order in which a recipe names them.
struct RequestPieces {
  /// One value of a request.
  struct Value: Hashable {
    let variable: SigningTemplate.Variable
    let piece: PayloadDraft.Piece
  }

  /// Access key, timestamp and nonce: a signature is over at least one of them.
  let signed: [Value]
  /// The user id; an empty one where the request has none.
  let userID: Value
  /// Whether the request has a user id.
  let hasUserID: Bool
  /// Method, path, query and body, where the request has them.
  let request: [Value]
  /// The same without a body that is long: with it, millions of digests would take too long.
  let withoutLongBody: [Value]
  /// Empty query and body, where the request has none.
  let absent: [Value]
  /// The secret.
  let secret: PayloadDraft.Piece

  init(_ example: SignedExample, _ secret: SecretBytes, in draft: PayloadDraft) {
    func value(_ variable: SigningTemplate.Variable, _ bytes: (some Collection<UInt8>)?) -> Value? {
      bytes.map { Value(variable: variable, piece: draft.value(of: variable, $0)) }
    }
    signed = [
      value(.accessKey, example.accessKey.utf8), value(.timestamp, example.timestamp.utf8),
      value(.nonce, example.nonce?.utf8),
    ].compactMap(\.self)
    hasUserID = example.userID != nil
    userID = Value(
      variable: .userID, piece: draft.value(of: .userID, Array((example.userID ?? "").utf8)))
    request = [
      value(.method, example.method?.utf8), value(.path, example.path?.utf8), value(.query, example.query?.utf8),
      value(.body, example.body),
    ].compactMap(\.self)
    let isLong = (example.body?.count ?? 0) > Self.longBody
    withoutLongBody = isLong ? request.filter { $0.variable != .body } : request
    let present = Set(request.map(\.variable))
    absent = [SigningTemplate.Variable.query, .body].filter { !present.contains($0) }
      .map { Value(variable: $0, piece: draft.value(of: $0, [])) }
    self.secret = secret.withBytes { draft.value(of: .secret, $0) }
  }

  /// From how many bytes on a body is long.
  private static let longBody = 512

  /// Access key, timestamp, nonce and, where the request has one, user id.
  var headers: [Value] { signed + (hasUserID ? [userID] : []) }

  /// Every order of every choice of those values that has one of access key, timestamp and nonce in it.
  static func arrangements(of values: [Value]) -> [[Value]] {
    var found: [[Value]] = []
    func extend(_ chosen: [Value]) {
      if chosen.contains(where: \.isSigned) { found.append(chosen) }
      for value in values where !chosen.contains(value) { extend(chosen + [value]) }
    }
    extend([])
    return found
  }

  /// Every choice of those values, in their order; the empty one first.
  static func choices(of values: [Value]) -> [[Value]] {
    values.reduce([[]]) { choices, value in choices + choices.map { $0 + [value] } }
  }
}

extension RequestPieces.Value {
  /// Whether it is one of access key, timestamp and nonce.
  var isSigned: Bool {
    switch variable {
    case .accessKey, .timestamp, .nonce: true
    case .userID, .secret, .method, .path, .query, .body, .messageBody: false
    }
  }
}
