import JSON
import Testing

@Suite struct WritingTests {
  @Test(arguments: [
    Spelling("1", 1), Spelling("1.0", .number(1)), Spelling("-0.0", .number(-0.0)), Spelling("0.1", .number(0.1)),
    Spelling("12345678901234567890", .bigInteger("12345678901234567890")), Spelling("null", .number(.nan)),
    Spelling("null", .number(.infinity)), Spelling("[]", []), Spelling("{}", [:]),
    Spelling(#""\"\\/\b\f\n\r\t\u0001\u001f""#, "\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}"),
    Spelling("\"中\u{7F}😀\"", "中\u{7F}😀"),
    Spelling(#"{"b":1,"a":[true,false,null]}"#, ["b": 1, "a": [true, false, nil]]),
  ])
  func compact(_ spelling: Spelling) {
    #expect(spelling.value.text() == spelling.text)
    #expect(spelling.value.description == spelling.text)
  }

  @Test func canonicalSortsMembersByBytesAtEveryDepth() {
    let value: JSON = [
      "b": ["z": 1, "Z": 2, "é": 3, "": 4], "a": [["y": 1, "x": 2]], "a\u{0}": 5, "aa": 6, "😀": 7, "\u{FFFD}": 8,
    ]
    #expect(
      value.text(.canonical)
        == #"{"a":[{"x":2,"y":1}],"a\u0000":5,"aa":6,"b":{"":4,"Z":2,"z":1,"é":3},"�":8,"😀":7}"#)
  }

  @Test func equalObjectsGiveEqualCanonicalBytesAndHashes() throws {
    let one = try JSON(parsing: #"{"a":1,"b":{"c":2,"d":[3]}}"#)
    let other = try JSON(parsing: #"{"b":{"d":[3],"c":2},"a":1}"#)
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one.bytes(.canonical) == other.bytes(.canonical))
    #expect(one.bytes() != other.bytes())
  }

  @Test func prettyIndentsByTwo() {
    let value: JSON = ["a": [1, [:]], "b": [], "c": ["d": nil]]
    #expect(
      value.text(.pretty) == """
        {
          "a": [
            1,
            {}
          ],
          "b": [],
          "c": {
            "d": null
          }
        }
        """)
  }
}

@Suite struct AccessTests {
  @Test func accessorsAnswerOnlyForTheirKind() {
    let value: JSON = ["s": "x", "i": 1, "n": 1.5, "b": true, "a": [1], "o": ["k": nil], "z": nil]
    #expect(value["s"]?.string == "x" && value["s"]?.integer == nil)
    #expect(value["i"]?.integer == 1 && value["i"]?.string == nil)
    #expect(value["n"]?.integer == nil && value["b"]?.bool == true && value["i"]?.bool == nil)
    #expect(value["a"]?.array == [1] && value["a"]?[0] == 1 && value["a"]?[1] == nil && value["a"]?[-1] == nil)
    #expect(value["o"]?.object?.keys == ["k"] && value["o"]?["k"] == .null && value["o"]?["x"] == nil)
    #expect(value["z"]?.isNull == true && value["s"]?.isNull == false && value[0] == nil)
  }

  @Test(
    arguments: [
      (JSON.bool(true), "true", "boolean"), (-20, "-20", "integer"),
      (.bigInteger("99999999999999999999"), "99999999999999999999", "integer"),
      (1.5, "1.5", "number"), ("-20", "-20", "string"), (nil, nil, "null"), ([], nil, "array"), ([:], nil, "object"),
    ] as [(JSON, String?, String)])
  func scalarTextAndKind(_ value: JSON, _ text: String?, _ kind: String) {
    #expect(value.scalarText == text)
    #expect(value.kind == kind)
  }

  @Test func subscriptsWrite() {
    var value: JSON = ["a": 1, "b": 2]
    value["a"] = nil
    value["c"] = 3
    #expect(value == ["b": 2, "c": 3])
    var scalar: JSON = 5
    scalar["a"] = 1
    #expect(scalar == 5)
  }

  @Test func objectsAreCollections() {
    var object: JSONObject = ["b": 1, "a": 2, "b": 3]
    #expect(object.count == 2 && object.map(\.key) == ["b", "a"] && object.values == [3, 2])
    #expect(object.removeValue(forKey: "b") == 3 && object.removeValue(forKey: "b") == nil)
    #expect(object.mapValues { _ in .null } == ["a": nil])
    #expect(JSONObject() == [:])
  }
}
