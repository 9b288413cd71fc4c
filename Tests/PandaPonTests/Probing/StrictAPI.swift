import Redaction
import Catalogue
import JSON
import Synchronization

@testable import PandaPon

/// An API that knows one account and one recipe, and says what it likes of everything else.
final class StrictAPI: Transport {
  struct Rules: Sendable {
    var recipe = SigningRecipe.standard
    var secret = testSecret
    var accessKey = "58c0201dfdf148eca63cbf6bb5e7cf03"
    var userID: String? = "2100007341207"
    /// What it says of a key that it does not know, and of a signature that does not fit.
    var unknownKey = "access-key is unknown"
    var wrongSignature = "sign error"
    /// How far its clock is ahead of the test's, in milliseconds.
    var ahead: Int64 = 0
    var error: TransportError?
  }
  let rules: Rules
  private let now: @Sendable () -> Int64
  private let log = Mutex<[WireRequest]>([])

  init(_ rules: Rules, now: @escaping @Sendable () -> Int64) {
    (self.rules, self.now) = (rules, now)
  }

  var requests: [WireRequest] { log.withLock { $0 } }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    log.withLock { $0.append(request) }
    if let error = rules.error { throw error }
    let server = now() + rules.ahead
    let headers = [(name: "Date", value: Self.date(server))]
    func answer(_ code: Int, _ message: String) -> WireResponse {
      let body: JSON = ["code": .integer(Int64(code)), "msg": .string(message), "data": nil]
      return WireResponse(status: 200, headers: headers, body: body.bytes())
    }
    guard request.header("access-key") == rules.accessKey else { return answer(401, rules.unknownKey) }
    let timestamp = request.header("timestamp") ?? ""
    let values = Signer.Values(
      nonce: request.header("nonce-str") ?? "", timestamp: timestamp, userID: request.header("user-id"),
      method: request.method, path: request.path, query: request.query, body: request.body ?? [])
    guard let credentials = try? Credentials(accessKey: rules.accessKey, secret: SecretBytes(rules.secret.utf8)),
      Signer(recipe: rules.recipe).signature(of: values, by: credentials) == request.header("signature")
    else { return answer(401, rules.wrongSignature) }
    let sent = (Int64(timestamp) ?? 0) * (rules.recipe.timestamp == .seconds ? 1000 : 1)
    guard abs(sent - server) <= 600_000 else { return answer(401, "timestamp expired") }
    if let user = request.header("user-id"), user != rules.userID { return answer(401, "user-id is unknown") }
    return answer(404, "no such refund")
  }

  /// As HTTP writes dates; 14 to 16 November 2023 is all that these tests need.
  private static func date(_ instant: Int64) -> String {
    let seconds = instant / 1000 - 1_699_920_000  // Tue, 14 Nov 2023 00:00:00 GMT
    let (day, time) = (seconds / 86_400, seconds % 86_400)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "Tue, \(14 + day) Nov 2023 \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60)) GMT"
  }
}
