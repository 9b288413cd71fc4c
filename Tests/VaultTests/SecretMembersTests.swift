import JSON
import Redaction
import Testing

@testable import Vault

/// A secret is taken out of a text before anything reads the text.
@Suite struct SecretMembersTests {
  private func members(_ text: String) throws(SecretMembersError) -> SecretMembers {
    try SecretMembers(SecretBytes(text), names: ["access_secret", "secret"])
  }

  @Test(
    arguments: [
      (#"{"access_secret":"abc","a":1}"#, "abc"), (#" { "a" : [1,{"b":"}"}] , "access_secret" : "abc" } "#, "abc"),
      (#"{"a":{"access_secret":"inner"},"access_secret":"outer"}"#, "outer"),
      (#"{"access_secret":"a\"b\\c\/d\n\t\b\f\r"}"#, "a\"b\\c/d\n\t\u{8}\u{c}\r"),
      (#"{"access_secret":"\u6f6e\u0041\ud83c\udf0a"}"#, "潮A🌊"), (#"{"access_secret":"潮🌊"}"#, "潮🌊"),
      (#"{"access\u005fsecret":"abc"}"#, "abc"), (#"{"a":"\\","access_secret":"abc"}"#, "abc"),
      (#"{"access_secret":""}"#, ""),
    ])
  func takesTheSecretOut(_ text: String, _ secret: String) throws {
    let members = try members(text)
    #expect(members.secrets["access_secret"]?.shown == secret)
    let blank = members.rest["access_secret"]?.string ?? members.rest[#"access\u005fsecret"#]?.string
    #expect(blank?.allSatisfy { $0 == " " } == true)
    // All else is as it was.
    var expected = try JSON(parsing: text)
    expected["access_secret"] = members.rest["access_secret"]
    #expect(members.rest == expected)
  }

  @Test(
    arguments: [
      (#"{"access_secret":5}"#, "access_secret is not a text"),
      (#"{"access_secret":null}"#, "access_secret is not a text"),
      (#"{"access_secret":"a","access_secret":"b"}"#, "access_secret is there twice"),
      (#"{"access_secret":"\x"}"#, "access_secret has an escape that JSON does not know"),
      (#"{"access_secret":"\ud83c"}"#, "access_secret has an escape that JSON does not know"),
      ("[]", "it is no JSON object"), ("5", "it is no JSON object"),
    ])
  func saysWhatIsWrong(_ text: String, _ message: String) {
    let error = #expect(throws: SecretMembersError.self) { try members(text) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    "", "{", "{\"", "{\"access_secret", "{\"access_secret\":\"ab\\", "{\"a\":1,", "{\"a\" 1}", "{,}", "nul",
  ])
  func whatIsNoJSONIsSaidWithoutIt(_ text: String) {
    let error = #expect(throws: SecretMembersError.self) { try members(text) }
    #expect(error?.description.hasPrefix("it is not JSON: ") == true)
  }
}
