import Testing

@testable import Channels

/// What each service's answers mean, the refusals that come with status 200 first of all.
@Suite struct VerdictTests {
  private static func judge(
    _ kind: ChannelKind, _ status: Int, _ body: String, _ headers: [String: String] = [:]
  ) throws -> Verdict {
    try Channel.sample(kind).judge(ChannelAnswer(status: status, headers: headers, body: Array(body.utf8)))
  }

  @Test(arguments: [
    (ChannelKind.dingtalk, #"{"errcode":0,"errmsg":"ok"}"#), (.wecom, #"{"errcode":0,"errmsg":"ok"}"#),
    (.feishu, #"{"StatusCode":0,"StatusMessage":"success"}"#),
    (.feishu, #"{"code":0,"data":{},"msg":"success","StatusCode":0,"StatusMessage":"success"}"#), (.slack, "ok"),
    (.http, ""), (.http, "whatever"),
  ])
  func taken(_ kind: ChannelKind, _ body: String) throws {
    #expect(try Self.judge(kind, 200, body) == .delivered)
  }

  @Test(arguments: [
    (ChannelKind.dingtalk, #"{"errcode":310000,"errmsg":"sign not match"}"#, "errcode 310000: sign not match"),
    (.dingtalk, #"{"errcode":310000,"errmsg":"keywords not in content"}"#, "errcode 310000: keywords not in content"),
    (.dingtalk, #"{"errcode":300001,"errmsg":"token is not exist"}"#, "errcode 300001: token is not exist"),
    (.wecom, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "errcode 93000: invalid webhook url"),
    (
      .wecom, #"{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}"#,
      "errcode 40058: markdown.content exceed max length 4096"
    ),
    (
      .feishu,
      #"{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}"#,
      "code 19021: sign match fail or timestamp is not within one hour from current time"
    ),
    (.feishu, #"{"code":19024,"msg":"Key Words Not Found"}"#, "code 19024: Key Words Not Found"),
    (.feishu, #"{"StatusCode":9499,"StatusMessage":"Bad Request"}"#, "code 9499: Bad Request"),
    (.slack, "no_text", "no_text"), (.slack, "", "the answer is empty"),
  ])
  func refusedWithStatus200(_ kind: ChannelKind, _ body: String, _ reason: String) throws {
    #expect(try Self.judge(kind, 200, body) == .refused(reason))
  }

  @Test(arguments: [
    (ChannelKind.dingtalk, #"{"errcode":410100,"errmsg":"too fast"}"#, "errcode 410100: too fast", 600_000 as Int64?),
    (.dingtalk, #"{"errcode":130101,"errmsg":"send too fast"}"#, "errcode 130101: send too fast", 600_000),
    (.dingtalk, #"{"errcode":-1,"errmsg":"busy"}"#, "errcode -1: busy", nil),
    (.wecom, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#, "errcode 45009: api freq out of limit", 60_000),
    (.feishu, #"{"code":11232,"msg":"frequency limited"}"#, "code 11232: frequency limited", 60_000),
  ])
  func tooFast(_ kind: ChannelKind, _ body: String, _ reason: String, _ wait: Int64?) throws {
    #expect(try Self.judge(kind, 200, body) == .busy(reason, retryAfter: wait))
  }

  @Test(
    arguments: [ChannelKind.dingtalk, .wecom, .feishu], ["", "<html>login</html>", "{}", "[0]", #"{"errcode":"0"}"#])
  func anAnswerOfSomebodyElseSaysNothing(_ kind: ChannelKind, _ body: String) throws {
    guard case .unclear = try Self.judge(kind, 200, body) else {
      Issue.record("\(body) says something")
      return
    }
  }

  @Test(arguments: ChannelKind.allCases)
  func statusesSpeakForThemselves(_ kind: ChannelKind) throws {
    #expect(try Self.judge(kind, 302, "") == .refused("it redirects (HTTP 302), and redirects are not followed"))
    #expect(try Self.judge(kind, 403, "invalid_token\n") == .refused("HTTP 403: invalid_token"))
    #expect(try Self.judge(kind, 410, "") == .refused("HTTP 410"))
    #expect(try Self.judge(kind, 429, "", ["retry-after": "30"]) == .busy("HTTP 429", retryAfter: 30_000))
    #expect(try Self.judge(kind, 429, "", ["retry-after": "soon"]) == .busy("HTTP 429", retryAfter: nil))
    #expect(try Self.judge(kind, 503, "", ["retry-after": "99999"]) == .busy("HTTP 503", retryAfter: 3_600_000))
    #expect(try Self.judge(kind, 503, "") == .unclear("HTTP 503"))
    #expect(try Self.judge(kind, 500, "rollup_error") == .unclear("HTTP 500"))
  }

  @Test func whatAServerSaysIsOneShortLine() throws {
    let said = String(repeating: "x", count: 500) + "\n\u{1B}[31m"
    guard case .refused(let reason) = try Self.judge(.http, 400, said) else {
      Issue.record("it is taken")
      return
    }
    #expect(reason.count < 220 && !reason.contains("\n") && !reason.contains("\u{1B}"))
  }
}
