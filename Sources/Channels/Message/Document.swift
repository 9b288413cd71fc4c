/// A message taken apart: what each service writes in its own marks.
struct Document: Hashable {
  /// A stretch of text of one kind.
  struct Span: Hashable {
    enum Style: Hashable { case plain, bold, code }

    var text: String
    var style = Style.plain
    /// Where it leads; nil for text that leads nowhere.
    var link: String?
  }

  /// A line, or something that stands on a line of its own.
  struct Block: Hashable {
    enum Kind: Hashable {
      case heading(Int)
      case line
      case item
      case quote
    }

    var kind: Kind
    var spans: [Span]
  }

  /// The message's title, in one line.
  var title: String?
  var blocks: [Block]
  /// Whether it has no marks at all: a service may take it as mere text.
  let isPlain: Bool

  /// Takes a message apart.
  init(_ message: Message) {
    title = message.title.flatMap { title in
      let line = Self.oneLine(title)
      return line.isEmpty ? nil : line.count > 200 ? line.prefix(199) + "…" : line
    }
    blocks = []
    if message.isRepeated { blocks.append(Block(kind: .line, spans: [Span(text: Message.repetition)])) }
    switch message.body {
    case .text(let text)?: blocks += Self.lines(of: text).map { Block(kind: .line, spans: [Span(text: $0)]) }
    case .markdown(let text)?: blocks += MarkdownReader.blocks(in: Self.lines(of: text))
    case nil: break
    }
    blocks += message.lines.map { Block(kind: .item, spans: [Span(text: Self.oneLine($0))]) }
    if case .markdown? = message.body { isPlain = false } else { isPlain = title == nil && message.lines.isEmpty }
  }

  /// The whole as text without marks.
  var plainText: String {
    ([title].compactMap(\.self) + blocks.map(\.plainText)).joined(separator: "\n")
  }

  /// Whether the word stands anywhere in it.
  func contains(_ word: String) -> Bool { plainText.contains(word) }

  private static func lines(of text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { String(clean($0)) }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines
  }

  private static func oneLine(_ text: String) -> String {
    String(clean(text[...])).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Without control characters and marks that turn the direction of writing, which could repaint what people read.
  private static func clean(_ text: Substring) -> String.UnicodeScalarView {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: scalars.append(" ")
      case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: break
      case 0x2028, 0x2029: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    return scalars
  }
}

extension Document.Block {
  /// The block as text without marks but for what shows what it is.
  var plainText: String {
    let text = spans.map { span in
      span.link.map { span.text == $0 ? span.text : "\(span.text) (\($0))" } ?? span.text
    }.joined()
    switch kind {
    case .heading, .line: return text
    case .item: return "- \(text)"
    case .quote: return "> \(text)"
    }
  }
}
