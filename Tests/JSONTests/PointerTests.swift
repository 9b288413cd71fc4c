import JSON
import Testing

@Suite struct PointerTests {
  /// The document of RFC 6901, section 5.
  static let document: JSON = [
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
  ]

  @Test(
    arguments: [
      ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
      ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("/foo/2", nil), ("/foo/-", nil), ("/foo/-1", nil),
      ("/foo/01", nil), ("/foo/+1", nil), ("/foo/0/x", nil), ("/bar", nil), ("/foo/", nil),
    ] as [(String, JSON?)])
  func finds(_ text: String, _ value: JSON?) throws {
    let pointer = try #require(JSONPointer(text))
    #expect(Self.document[pointer: pointer] == value)
    #expect(pointer.description == text)
  }

  @Test func emptyNamesTheWhole() {
    #expect(Self.document[pointer: ""] == Self.document)
    let text = ""
    #expect(JSONPointer(text)?.tokens == [])
  }

  @Test(arguments: ["foo", "foo/bar", " /foo"])
  func otherTextIsNoPointer(_ text: String) {
    #expect(JSONPointer(text) == nil)
  }

  @Test(arguments: ["~01", "~1", "/", "~", "a/b~c", ""])
  func tokensSurviveEscaping(_ token: String) throws {
    let pointer = JSONPointer(tokens: [token, "x"])
    #expect(JSONPointer(pointer.description) == pointer)
  }

  @Test func growsByTokens() {
    #expect(JSONPointer().appending("a/b").appending(3).description == "/a~1b/3")
  }

  @Test(
    arguments: [
      ("/a/0", ["a": [9, 2], "b": 3]), ("/b", ["a": [1, 2], "b": 9]), ("/c/d", ["a": [1, 2], "b": 3, "c": ["d": 9]]),
      ("", 9), ("/a/2", nil), ("/a/x", nil), ("/a/+1", nil), ("/b/c", nil), ("/a/0/c", nil),
    ] as [(JSONPointer, JSON?)])
  func sets(_ pointer: JSONPointer, _ expected: JSON?) {
    let before: JSON = ["a": [1, 2], "b": 3]
    var value = before
    #expect(value.set(9, at: pointer) == (expected != nil))
    #expect(value == expected ?? before)
  }
}
