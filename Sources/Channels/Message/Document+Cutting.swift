extension Document {
  /// The longest beginning of the document that fits, with a note where something is missing.
  ///
  /// It is cut between characters as people see them, never inside of a mark: the marks are written afterwards.
  ///
  /// - Parameter fits: whether a document is small enough in the service's own form. A part of one that fits, fits.
  func cut(toFit fits: (Document) -> Bool) -> (document: Document, isCut: Bool) {
    if fits(self) { return (self, false) }
    var (low, high) = (0, length)
    while low < high {
      let middle = (low + high + 1) / 2
      if fits(prefix(middle)) { low = middle } else { high = middle - 1 }
    }
    return (prefix(low), true)
  }

  /// How many characters can be cut off: those of the blocks, and one for each block.
  private var length: Int { blocks.reduce(0) { $0 + 1 + $1.spans.reduce(0) { $0 + $1.text.count } } }

  /// The beginning with so many characters, and the note.
  private func prefix(_ count: Int) -> Document {
    var left = count
    var copy = self
    copy.blocks = []
    for block in blocks {
      guard left > 0 else { break }
      left -= 1
      var part = block
      part.spans = []
      for span in block.spans {
        guard left > 0 else { break }
        var text = span
        text.text = String(span.text.prefix(left))
        // A link of which a piece is missing would not say where it leads.
        if text.text != span.text, span.link != nil { text.link = nil }
        left -= text.text.count
        part.spans.append(text)
      }
      copy.blocks.append(part)
    }
    copy.blocks.append(Block(kind: .line, spans: [Span(text: Message.cut)]))
    return copy
  }
}
