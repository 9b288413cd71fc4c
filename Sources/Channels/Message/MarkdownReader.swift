/// Reads the few marks that messages may have (``Message/Body/markdown(_:)``). What is no mark is text; there is nothing
/// that cannot be read.
enum MarkdownReader {
  static func blocks(in lines: [String]) -> [Document.Block] {
    lines.map { block($0[...]) }
  }

  private static func block(_ line: Substring) -> Document.Block {
    let text = line.drop { $0 == " " }
    let level = text.prefix { $0 == "#" }.count
    if 1...6 ~= level, text.dropFirst(level).first == " " {
      return Document.Block(kind: .heading(level), spans: spans(in: text.dropFirst(level + 1)))
    }
    if text.hasPrefix("- ") || text.hasPrefix("* ") {
      return Document.Block(kind: .item, spans: spans(in: text.dropFirst(2)))
    }
    if text.first == ">" {
      return Document.Block(kind: .quote, spans: spans(in: text.dropFirst().drop { $0 == " " }))
    }
    return Document.Block(kind: .line, spans: spans(in: line))
  }

  static func spans(in text: Substring) -> [Document.Span] {
    var spans: [Document.Span] = []
    var literal = ""
    var rest = text
    func end() {
      if !literal.isEmpty { spans.append(Document.Span(text: literal)) }
      literal = ""
    }
    while let first = rest.first {
      if first == "\\", let marked = rest.dropFirst().first, isMark(marked) {
        literal.append(marked)
        rest = rest.dropFirst(2)
      } else if let (span, after) = marked(rest) {
        end()
        spans.append(span)
        rest = after
      } else {
        literal.append(first)
        rest = rest.dropFirst()
      }
    }
    end()
    return spans
  }

  /// A span with marks at the beginning of the text, and what follows it.
  private static func marked(_ text: Substring) -> (Document.Span, Substring)? {
    if text.hasPrefix("**"), let (inner, after) = upTo("**", in: text.dropFirst(2)), !inner.isEmpty {
      return (Document.Span(text: inner, style: .bold), after)
    }
    if text.first == "`", let (inner, after) = upTo("`", in: text.dropFirst()), !inner.isEmpty {
      return (Document.Span(text: inner, style: .code), after)
    }
    if text.first == "[", let (label, after) = upTo("](", in: text.dropFirst()), !label.isEmpty,
      let close = after.firstIndex(of: ")"), isLink(after[..<close])
    {
      return (Document.Span(text: label, link: String(after[..<close])), after[after.index(after: close)...])
    }
    return nil
  }

  /// The text before a mark, with its own escapes taken, and what follows the mark.
  private static func upTo(_ mark: String, in text: Substring) -> (String, Substring)? {
    var inner = ""
    var rest = text
    while let first = rest.first {
      if rest.hasPrefix(mark) { return (inner, rest.dropFirst(mark.count)) }
      if first == "\\", let marked = rest.dropFirst().first, isMark(marked) {
        inner.append(marked)
        rest = rest.dropFirst(2)
      } else {
        inner.append(first)
        rest = rest.dropFirst()
      }
    }
    return nil
  }

  private static func isMark(_ character: Character) -> Bool {
    character.isASCII && (character.isPunctuation || character.isSymbol)
  }

  /// An address that may stand in a link: nothing in it could end the link or begin another mark.
  private static func isLink(_ text: Substring) -> Bool {
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return false }
    return text.utf8.count <= 2000
      && text.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && !"<>\"'`()[]{}|\\^*".utf8.contains(byte)
      }
  }
}
