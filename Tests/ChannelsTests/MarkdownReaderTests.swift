import Testing

@testable import Channels

@Suite struct MarkdownReaderTests {
  @Test(arguments: [
    ("plain", [Document.Span(text: "plain")]),
    (
      "a **b** `c` d",
      [
        Document.Span(text: "a "), Document.Span(text: "b", style: .bold), Document.Span(text: " "),
        Document.Span(text: "c", style: .code), Document.Span(text: " d"),
      ]
    ),
    (
      "[l](https://a.example.com/?x=1)!",
      [
        Document.Span(text: "l", link: "https://a.example.com/?x=1"), Document.Span(text: "!"),
      ]
    ),
    (#"\*\*a\*\* \[l\](https://a.example.com)"#, [Document.Span(text: "**a** [l](https://a.example.com)")]),
    ("**a \\** b**", [Document.Span(text: "a ** b", style: .bold)]),
    ("**open", [Document.Span(text: "**open")]), ("`", [Document.Span(text: "`")]),
    ("****", [Document.Span(text: "****")]),
    ("[l](javascript:x)", [Document.Span(text: "[l](javascript:x)")]),
    ("[l](https://a b)", [Document.Span(text: "[l](https://a b)")]),
    ("[l](https://a\"b)", [Document.Span(text: "[l](https://a\"b)")]),
    ("a\\b", [Document.Span(text: "a\\b")]), ("\\", [Document.Span(text: "\\")]),
  ])
  func readsSpans(_ text: String, _ spans: [Document.Span]) {
    #expect(MarkdownReader.spans(in: text[...]) == spans)
  }

  @Test(arguments: [
    ("# a", Document.Block.Kind.heading(1)), ("###### a", .heading(6)), ("####### a", .line), ("#a", .line),
    ("- a", .item), ("* a", .item), ("-a", .line), ("> a", .quote), (">a", .quote), ("  - a", .item), ("", .line),
    ("\\# a", .line), ("\\- a", .line),
  ])
  func readsBlocks(_ line: String, _ kind: Document.Block.Kind) {
    #expect(MarkdownReader.blocks(in: [line]).map(\.kind) == [kind])
  }
}
