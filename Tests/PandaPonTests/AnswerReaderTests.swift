import JSON
import Testing

@testable import PandaPon

@Suite struct AnswerReaderTests {
  static let reader = AnswerReader(
    operation: "taobao.refunds.get", pathGrade: "inferred", accessKey: "58c0…", recipe: .standard)
  static let now: Int64 = 1_700_000_000_000

  static func finding(_ status: Int, _ body: String, headers: [(name: String, value: String)] = []) -> Finding {
    reader.finding(on: WireResponse(status: status, headers: headers, body: Array(body.utf8)), now: now)
  }

  @Test(arguments: [
    #"{"code":200,"msg":"成功","data":{"x":1},"requestId":"r","developId":"1"}"#,
    #"{"code":"200","msg":null,"data":{"x":1},"requestId":null,"developId":1}"#,
    #"{"code":200.0,"data":{"x":1}}"#,
    " \n{\"code\":200,\"data\":{\"x\":1}}",
  ])
  func readsEnvelopesTolerantly(_ body: String) {
    let finding = Self.finding(200, body)
    #expect(finding.kind == .success)
    #expect(finding.envelope?.data == ["x": 1])
  }

  @Test(arguments: [
    (200, #"{"code":500,"msg":"no","requestId":"r9"}"#, Finding.Class.refused, "api_rejected"),
    (200, #"{"code":404,"msg":"no such order"}"#, .refused, "api_not_found"),
    (404, #"{"code":404,"msg":"no such order"}"#, .refused, "api_not_found"),
    (404, "<html>", .refused, "http_4xx"),
    (403, "", .refused, "http_4xx"),
    (400, #"{"code":200}"#, .refused, "http_4xx"),
    (401, "", .unauthorized, "unauthorized"),
    (200, #"{"code":"401"}"#, .unauthorized, "unauthorized"),
    (403, #"{"code":401}"#, .unauthorized, "unauthorized"),
    (400, #"{"code":429}"#, .limited, "rate_limited"),
    (429, "", .limited, "rate_limited"),
    (200, #"{"code":429,"msg":"slow"}"#, .limited, "rate_limited"),
    (500, "", .unclear(transient: true), "http_5xx"),
    (502, "<html>", .unclear(transient: true), "http_5xx"),
    (503, #"{"code":200}"#, .unclear(transient: true), "http_5xx"),
    (500, #"{"code":401}"#, .unclear(transient: true), "http_5xx"),
    (408, "", .unclear(transient: true), "http_timeout"),
    (302, "", .unclear(transient: false), "redirected"),
    (304, "", .unclear(transient: false), "redirected"),
    (200, "", .unclear(transient: true), "empty_answer"),
    (200, "  \r\n", .unclear(transient: true), "empty_answer"),
    (200, "<!DOCTYPE html>", .unclear(transient: false), "html_answer"),
    (200, #"{"code":200,"data":{"x":"#, .unclear(transient: true), "malformed_answer"),
    (200, "[]", .unclear(transient: false), "no_envelope"),
    (200, #"{"data":1}"#, .unclear(transient: false), "no_envelope"),
    (200, #"{"code":"ok"}"#, .unclear(transient: false), "no_envelope"),
    (100, "", .unclear(transient: false), "http_other"),
  ])
  func classes(_ status: Int, _ body: String, _ kind: Finding.Class, _ label: String) {
    let finding = Self.finding(status, body)
    #expect(finding.kind == kind)
    #expect(finding.failure?.label == label)
    #expect(finding.failure?.message.hasPrefix("taobao.refunds.get: ") == true)
  }

  @Test func aRefusalKeepsWhatTheAPISaid() {
    let failure = Self.finding(200, #"{"code":40123,"msg":"订单不存在","requestId":"r9"}"#).failure
    #expect(failure?.apiCode == 40123)
    #expect(failure?.message == "taobao.refunds.get: 订单不存在")
    #expect(failure?.requestID == "r9")
    #expect(failure?.description == "taobao.refunds.get: 订单不存在 (code 40123)")
    #expect(Self.finding(200, #"{"code":404}"#).failure?.code == .notFound)
    #expect(Self.finding(200, #"{"code":405}"#).failure?.code == .rejected)
  }

  @Test func aLongMessageIsCleanedBeforeItIsCut() throws {
    _ = try testCredentials()
    let text = String(repeating: "x", count: 490) + testSecret
    let message = Self.finding(200, "{\"code\":400,\"msg\":\"\(text)\"}").failure?.message ?? ""
    #expect(message.hasSuffix("xx" + "[secret]"), "\(message)")
  }

  @Test func malformedJSONIsNamedWithItsPlace() {
    let message = Self.finding(200, #"{"code":200,"data":{"rows":[1,tru]}}"#).failure?.message ?? ""
    #expect(message.contains("/data/rows/1"), "\(message)")
  }

  @Test func aWebPageIsSaidToBeOne() {
    let failure = Self.finding(200, "<html>").failure
    #expect(failure?.message.contains("web page") == true)
    #expect(failure?.hint?.contains("EBB_BASE_URL") == true)
  }

  @Test func aRefusedSignatureNamesTheThreeWaysOut() {
    let hint = Self.finding(401, "").failure?.hint ?? ""
    for part in [
      "58c0…", "参数签名", "{access-key}{timestamp}{nonce-str}{secret}", "known to work", "EBB_SIGNING_PAYLOAD", "inferred",
    ] {
      #expect(hint.contains(part), "\(part)")
    }
    #expect(!hint.contains("clock"))
  }

  @Test(arguments: [
    ("Tue, 14 Nov 2023 22:13:20 GMT", nil), ("Tue, 14 Nov 2023 22:14:20 GMT", nil),
    ("Tue, 14 Nov 2023 22:14:21 GMT", "61 s behind"), ("Tue, 14 Nov 2023 21:13:20 GMT", "3600 s ahead of"),
    ("yesterday", nil),
  ])
  func aRefusalSaysWhenTheClockIsWrong(_ date: String, _ expected: String?) {
    let hint = Self.finding(200, #"{"code":401}"#, headers: [("Date", date)]).failure?.hint ?? ""
    #expect(hint.contains("clock") == (expected != nil))
    #expect(hint.contains(expected ?? "参数签名"))
  }

  @Test(arguments: [
    ("7", Duration.seconds(7)), ("0", .zero), ("Tue, 14 Nov 2023 22:13:50 GMT", .seconds(30)),
    ("Tue, 14 Nov 2023 20:00:00 GMT", .zero), ("-1", nil), ("soon", nil),
  ])
  func readsRetryAfter(_ text: String, _ expected: Duration?) {
    #expect(Self.finding(429, "", headers: [("retry-after", text)]).retryAfter == expected)
  }

  @Test func aRedirectSaysWhereItPointed() {
    let message = Self.finding(302, "", headers: [("Location", "https://elsewhere.example/x?token=1")]).failure?.message
    #expect(message?.contains("https://elsewhere.example/x ") == true)
    #expect(message?.contains("token") == false)
  }

  @Test func aPathThatIsNotThereSaysHowSureItWas() {
    #expect(Self.finding(404, "").failure?.hint?.contains("inferred") == true)
  }
}

@Suite struct HTTPDateTests {
  @Test(arguments: [
    ("Thu, 01 Jan 1970 00:00:00 GMT", Int64(0)), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199_000), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000),
  ])
  func reads(_ text: String, _ expected: Int64) {
    #expect(HTTPDate.parse(text) == expected)
  }

  @Test(arguments: [
    "", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT",
    "Sun, 0x Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
  ])
  func refuses(_ text: String) {
    #expect(HTTPDate.parse(text) == nil)
  }
}
