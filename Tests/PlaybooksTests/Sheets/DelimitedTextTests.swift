import Testing

@testable import Playbooks

@Suite struct DelimitedTextTests {
  private static func texts(_ text: String, _ headings: [String] = []) throws -> [[String]] {
    try DelimitedText.records(Array(text.utf8), headings: headings).map { $0.fields.map(\.text) }
  }

  @Test(
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r1,2", [["a", "b"], ["1", "2"]]), ("a;b\n1;2", [["a", "b"], ["1", "2"]]),
      ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]), ("a\n1", [["a"], ["1"]]),
      ("a,b\n\"1,5\",2", [["a", "b"], ["1,5", "2"]]), ("a,b\n\"x\ny\",2", [["a", "b"], ["x\ny", "2"]]),
      ("a,b\n\"x \"\"y\"\"\",2", [["a", "b"], ["x \"y\"", "2"]]), ("a,b\n \"x\" ,2", [["a", "b"], ["x", "2"]]),
      ("a,b\n,\n\n1,", [["a", "b"], ["1", ""]]), ("sep=;\na;b,c\n1;2", [["a", "b,c"], ["1", "2"]]),
      ("sep=\t\r\na\tb\r\n1\t2", [["a", "b"], ["1", "2"]]), ("sep=x", [["sep=x"]]),
      ("a,b\n\"\",2", [["a", "b"], ["", "2"]]),
      ("备注,说 \"好\"\n1,2", [["备注", "说 \"好\""], ["1", "2"]]), ("", []), ("\n\n", []),
      ("a,b\n=\"0012\",2", [["a", "b"], ["=\"0012\"", "2"]]),
    ] as [(String, [[String]])])
  func records(_ text: String, _ expected: [[String]]) throws {
    #expect(try Self.texts(text) == expected)
  }

  @Test func theSeparatorIsTheOneThatFindsTheHeadings() throws {
    #expect(try Self.texts("单号;说明,长,短\n1;x", ["单号"]) == [["单号", "说明,长,短"], ["1", "x"]])
    #expect(try Self.texts("单号,说明;长;短;再\n1,x", ["单号"]) == [["单号", "说明;长;短;再"], ["1", "x"]])
  }

  @Test func numbersAreThoseOfTheSpreadsheet() throws {
    let records = try DelimitedText.records(Array("a\n\n\"x\ny\"\n2\n".utf8), headings: [])
    #expect(records.map(\.number) == [1, 3, 4])
    #expect(try DelimitedText.records(Array("sep=,\na\n1".utf8), headings: []).map(\.number) == [2, 3])
  }

  @Test(arguments: [
    ("a,b\n\"1,2\n3,4", "row 2: a quote is opened and never closed"),
    ("a,b\n\"x\"y,2", "row 2: text follows the quote that closes a cell"),
  ])
  func mistakes(_ text: String, _ message: String) {
    let problem = #expect(throws: ParameterProblem.self) { try Self.texts(text, ["a"]) }
    #expect(problem?.description == message && problem?.hint != nil)
  }
}
