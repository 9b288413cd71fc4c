/// Why an operation is refused: the `code` and `msg` of the envelope, with `data` null.
///
/// The vendor's table of codes is unknown; these follow HTTP (assumptions.md 4).
struct Refusal: Error, Sendable, Hashable {
  let code: Int
  let message: String

  /// A required argument is missing.
  static func missing(_ name: String) -> Refusal { Refusal(code: 400, message: "参数缺失: \(name) is required") }
  /// An argument has a value that cannot be.
  static func invalid(_ name: String, _ why: String) -> Refusal { Refusal(code: 400, message: "参数错误: \(name) \(why)") }
  /// The signature or what belongs to it is wrong.
  static func unauthorized(_ why: String) -> Refusal { Refusal(code: 401, message: "签名错误: \(why)") }
  /// Nothing has that id.
  static func unknown(_ what: String, _ id: String) -> Refusal { Refusal(code: 404, message: "不存在: no \(what) \(id)") }
  /// The state does not allow it.
  static func conflict(_ why: String) -> Refusal { Refusal(code: 409, message: "状态不允许: \(why)") }
  /// Too many requests.
  static let tooMany = Refusal(code: 429, message: "请求过于频繁: too many requests")
}
