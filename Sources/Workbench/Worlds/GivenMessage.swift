import JSON
import Marketplace

/// One message on a refund: `{ from = "seller", text = "已寄出", age = "2h" }`.
struct GivenMessage {
  private let role: Int64
  private let text: String
  private let age: Int64
  /// By the roles of upstream.md 6.9.
  private static let people: [String: Int64] = [
    "seller": 1, "clerk": 2, "platform": 3, "buyer": 4, "system": 5, "timeout": 6, "service": 7,
  ]
  private static let known = ["age", "from", "text"]

  init(_ json: JSON, named name: String) throws(TestProblem) {
    guard let fields = json.object else { throw TestProblem("\(name) is no table") }
    for (key, _) in fields where !Self.known.contains(key) {
      throw TestProblem("\(name) has no \(key); it may have \(Self.known.joined(separator: ", "))")
    }
    role = try GivenField.word(fields["from"], of: Self.people, named: "\(name).from") ?? 1
    guard let text = fields["text"]?.string else { throw TestProblem("\(name).text is missing") }
    self.text = text
    age = try GivenField.duration(fields["age"], named: "\(name).age") ?? 0
  }

  func message(at now: Int64) -> RefundMessage {
    let nick = Self.people.first { $0.value == role }?.key ?? ""
    return RefundMessage(role: role, nick: nick, content: text, time: now - age)
  }
}
