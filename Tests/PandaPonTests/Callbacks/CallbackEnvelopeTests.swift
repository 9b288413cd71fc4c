import JSON
import Testing

@testable import PandaPon

@Suite struct CallbackEnvelopeTests {
  private func envelope(_ text: String) throws -> CallbackEnvelope {
    try CallbackEnvelope(parsing: Array(text.utf8))
  }

  @Test(arguments: [
    #"{"messageType":"T","messagePlatform":1,"timestamp":"1779263269913","messageBody":{"orderId":2019601741959504495}}"#,
    #"{"messageType":"T","messagePlatform":"1","timestamp":1779263269913,"messageBody":"{\"orderId\":2019601741959504495}"}"#,
  ])
  func theBodyIsAnObjectOrItsText(_ text: String) throws {
    let envelope = try envelope(text)
    #expect(envelope.messageType == "T")
    #expect(envelope.platform == 1)
    #expect(envelope.timestamp == 1_779_263_269_913)
    #expect(envelope.body == ["orderId": 2_019_601_741_959_504_495])
    #expect(envelope.content["messageBody"] == envelope.body)
    #expect(envelope.messageID == nil)
  }

  @Test func idsBeyond64BitsKeepTheirDigits() throws {
    let read = try envelope(#"{"messageBody":{"id":12345678901234567890123,"price":1.0}}"#)
    #expect(read.body.text() == #"{"id":12345678901234567890123,"price":1.0}"#)
  }

  @Test func theUpstreamsOwnEnvelopeIsRead() throws {
    let read = try envelope(
      #"{"msgId":98765432109876,"type":"ORDER_BUYER_VIEW_ORDER_PAY","gmtBorn":1779263269913,"data":{"orderId":1}}"#)
    #expect(read.messageType == "ORDER_BUYER_VIEW_ORDER_PAY")
    #expect(read.messageID == "98765432109876")
    #expect(read.timestamp == 1_779_263_269_913)
    #expect(read.body == ["orderId": 1])
    #expect(read.platform == nil)
  }

  @Test func secondsBecomeMilliseconds() throws {
    #expect(try envelope(#"{"timestamp":1779263269}"#).timestamp == 1_779_263_269_000)
    #expect(try envelope(#"{"timestamp":"2025-01-01"}"#).timestamp == nil)
    #expect(try envelope(#"{"timestamp":-1}"#).timestamp == nil)
  }

  @Test(arguments: [
    "{}", #"{"messageType":null,"messagePlatform":null,"timestamp":null,"messageBody":null}"#,
    #"{"messageType":{"a":1},"messagePlatform":1.5,"timestamp":[1],"messageBody":null,"msgId":true}"#,
    #"{"messageType":"","messagePlatform":"x","timestamp":true}"#,
  ])
  func wrongTypesAreKeptAndReadAsNothing(_ text: String) throws {
    let read = try envelope(text)
    #expect(read.messageType == nil)
    #expect(read.platform == nil)
    #expect(read.timestamp == nil)
    #expect(read.messageID == nil)
    #expect(read.body == .null)
    #expect(try read.content == JSON(parsing: text))
  }

  @Test(arguments: ["not json", "{\\\"", "12", "\\\"x\\\""])
  func aBodyOfOtherTextStaysText(_ text: String) throws {
    let read = try envelope("{\"messageBody\":\"\(text)\"}")
    #expect(read.body.string != nil)
  }

  @Test func whatWasReadCanBeReadAgain() throws {
    for depth in 60...66 {
      let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      let text = try envelope("{\"messageBody\":\"\(nested)\"}")
      #expect(try JSON(parsing: text.content.bytes()) == text.content)
      #expect((text.body.array == nil) == (depth > JSON.maximumDepth - 1), "depth \(depth)")
    }
  }

  @Test(arguments: [
    ("", "not_json"), ("{", "not_json"), ("\u{0}", "not_json"), ("[1]", "not_object"), ("null", "not_object"),
    ("\"{}\"", "not_object"), (String(repeating: "{\"a\":", count: 65) + "1", "not_json"),
  ])
  func refuses(_ text: String, _ label: String) throws {
    let error = try #require(throws: CallbackEnvelopeError.self) { try envelope(text) }
    #expect(error.label == label)
  }

  @Test func refusesWhatIsTooLarge() throws {
    let text = #"{"messageBody":{}}"#
    #expect(throws: CallbackEnvelopeError.tooLarge(18, limit: 17)) {
      try CallbackEnvelope(parsing: Array(text.utf8), maximumSize: 17)
    }
    _ = try CallbackEnvelope(parsing: Array(text.utf8), maximumSize: 18)
  }

  @Test func theKeyIsOfProfileAndContent() throws {
    let one = try envelope(#"{"messageType":"9","timestamp":"1","messageBody":{"a":1,"b":2}}"#)
    let same = try envelope(#"{ "timestamp":"1", "messageBody":"{\"b\":2,\"a\":1}", "messageType":"9" }"#)
    let later = try envelope(#"{"messageType":"9","timestamp":"2","messageBody":{"a":1,"b":2}}"#)
    #expect(one.key(for: "hk") == same.key(for: "hk"))
    #expect(one.key(for: "hk") != one.key(for: "sg"))
    #expect(one.key(for: "hk") != later.key(for: "hk"))
    #expect(one.bodyDigest(for: "hk") == later.bodyDigest(for: "hk"))
    #expect(one.bodyDigest(for: "hk") != one.bodyDigest(for: "sg"))
  }

  /// `printf '%s' '["hk","id","m1"]' | sha256sum`
  @Test func anUpstreamIDWins() throws {
    let key = "defe252f1cab7ece2d0c26577c5424312c6183a27da9771470127eb21cd288d7"
    let one = try envelope(#"{"msgId":"m1","timestamp":"1","messageBody":{"a":1}}"#)
    let inside = try envelope(#"{"timestamp":"2","messageBody":{"msg_id":"m1","a":2}}"#)
    #expect(one.key(for: "hk") == inside.key(for: "hk"))
    #expect(one.key(for: "hk") == key)
    #expect(one.bodyDigest(for: "hk") != inside.bodyDigest(for: "hk"))
  }
}
