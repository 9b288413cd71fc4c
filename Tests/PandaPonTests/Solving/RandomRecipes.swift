@testable import PandaPon

/// Recipes drawn from the families that people use, as text, without the solver's own words.
enum RandomRecipes {
  /// So many different recipes for a request with method, path and body, and without a query.
  static func draw(_ count: Int, seed: UInt64) -> [String] {
    var random = SeededRandom(seed: seed)
    var found: [String] = []
    while found.count < count {
      let digest = one(of: ["md5", "sha1", "sha256", "hmac-md5", "hmac-sha1", "hmac-sha256"], &random)
      let encoding = one(of: ["hex", "HEX", "base64"], &random)
      let isKeyed = digest.hasPrefix("hmac-")
      let payload: String
      switch Int.random(in: 0..<4, using: &random) {
      case 0: payload = plain(isKeyed, parts: [], &random)
      case 1: payload = plain(isKeyed, parts: ["{method}", "{path}", "{body}"], &random)
      default: payload = fields(isKeyed, &random)
      }
      let recipe = "\(digest) \(encoding) \(payload)"
      if !found.contains(recipe) { found.append(recipe) }
    }
    return found
  }

  /// Header values in any order, one of them at least, with or without parts of the request.
  private static func plain(_ isKeyed: Bool, parts: [String], _ random: inout SeededRandom) -> String {
    var values = ["{access-key}", "{timestamp}", "{nonce-str}"].shuffled(using: &random)
    values.removeLast(Int.random(in: 0...2, using: &random))
    if Bool.random(using: &random) { values.insert("{user-id}", at: Int.random(in: 0...values.count, using: &random)) }
    var least = 0
    for part in parts where Bool.random(using: &random) {
      let place = Int.random(in: least...values.count, using: &random)
      values.insert(part, at: place)
      least = place + 1
    }
    let separator = one(of: ["", "&", "\n", "|", ":", ","], &random)
    if !isKeyed { values = around(values, &random) }
    return values.joined(separator: separator)
  }

  private static func fields(_ isKeyed: Bool, _ random: inout SeededRandom) -> String {
    let styles = [
      ["access-key", "timestamp", "nonce-str", "user-id", "access-secret"],
      ["accessKey", "timestamp", "nonceStr", "userId", "appSecret"],
      ["access_key", "timestamp", "nonce_str", "user_id", "secret"],
      ["accessKey", "timestamp", "nonce", "userId", "key"],
    ]
    let style = one(of: styles, &random)
    let values = ["{access-key}", "{timestamp}", "{nonce-str}", "{user-id}"]
    var chosen = Array(zip(style, values)).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
    if !chosen.contains(where: { $0.1 != "{user-id}" }) { chosen = [(style[0], values[0])] }
    let isSorted = Bool.random(using: &random)
    if Bool.random(using: &random) {
      for part in ["method", "path", "body"] where Bool.random(using: &random) { chosen.append((part, "{\(part)}")) }
    }
    if isSorted { chosen.sort { $0.0 < $1.0 } }
    let join = one(of: [("=", "&"), ("", "")], &random)
    var fields = chosen.map { $0 + join.0 + $1 }
    if !isKeyed {
      if Bool.random(using: &random) {
        fields.append(style[4] + join.0 + "{secret}")
      } else {
        fields = around(fields, &random)
      }
    }
    return fields.joined(separator: join.1)
  }

  private static func one<Value>(of values: [Value], _ random: inout SeededRandom) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  /// The secret first, last, or both.
  private static func around(_ values: [String], _ random: inout SeededRandom) -> [String] {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: ["{secret}"] + values
    case 1: values + ["{secret}"]
    default: ["{secret}"] + values + ["{secret}"]
    }
  }
}
