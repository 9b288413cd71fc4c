/// Documents in the Markdown that DingTalk and WeCom show.
enum Markdown {
  static func text(_ document: Document, separator: String) -> String {
    let title = document.title.map { "### \(Defusing.text($0))" }
    return ([title].compactMap(\.self) + document.blocks.map(text)).joined(separator: separator)
  }

  private static func text(_ block: Document.Block) -> String {
    var spans = block.spans.map(text)
    // A mark at the beginning of a line that the message does not mean as one.
    if let first = block.spans.first, first.style == .plain, first.link == nil { spans[0] = Defusing.line(first.text) }
    let line = spans.joined()
    switch block.kind {
    case .heading(let level): return String(repeating: "#", count: level) + " " + line
    case .line: return line
    case .item: return "- " + line
    case .quote: return "> " + line
    }
  }

  private static func text(_ span: Document.Span) -> String {
    let text = Defusing.text(span.text)
    if let link = span.link { return "[\(text.replacing("]", with: "］"))](\(link))" }
    switch span.style {
    case .plain: return text
    case .bold: return "**\(text)**"
    case .code: return "`\(text.replacing("`", with: "ˋ"))`"
    }
  }
}
