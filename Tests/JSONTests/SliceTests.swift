import JSON
import Testing

@Suite struct SliceTests {
  @Test(arguments: [
    (#"{"a":1,"b":{"c":[1, 2,"}"]} ,"d":2}"#, #"{"c":[1, 2,"}"]}"#),
    (#" { "b" : "x\"y,}" } "#, #""x\"y,}""#),
    (#"{"c":{"b":1},"b":-1.50e3}"#, "-1.50e3"),
    (#"{"b":true ,"a":1}"#, "true"),
    (#"{"b":1,"b":[]}"#, "[]"),
    (#"{"b":""}"#, #""""#),
  ])
  func aMembersValueIsFoundAsItIsWritten(_ document: String, _ expected: String) throws {
    let bytes = Array(document.utf8)
    let range = try #require(JSON.range(ofMember: "b", in: bytes))
    #expect(String(decoding: bytes[range], as: UTF8.self) == expected)
    #expect(try JSON(parsing: document)["b"] == JSON(parsing: expected))
  }

  @Test(arguments: [#"{"a":{"b":1}}"#, "[]", "", "{", #"{"b"#, #"{"b":"#, #"{"bb":1}"#])
  func whatIsNotThereIsNotFound(_ document: String) {
    let range = JSON.range(ofMember: "b", in: Array(document.utf8))
    #expect(range == nil || range?.isEmpty == true)
  }
}
