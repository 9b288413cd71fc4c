/// Header values and parts of the request in any order, the secret first, last, both or as the key:
/// `{method}\n{path}\n{timestamp}\n{nonce-str}\n{body}`.
///
/// Two parts of the request stand in either order; three or four follow each other as they are sent (method, path,
/// query, body), with header values anywhere between. Path and query may be one, joined by `?`.
struct RequestConcatenations: PayloadFamily {
  static let name = "header values and parts of the request in any order, the secret first, last, both or as the key"

  /// What may stand between values; beside a body that is long only the first three.
  static let separators = ["", "&", "\n", "|", ":", ","]

  var slices: Int { Self.separators.count }

  func walk(_ search: SignatureSearch, _ request: RequestPieces, slice: Int) {
    let text = Self.separators[slice]
    let parts = slice < 3 ? request.request : request.withoutLongBody
    guard !parts.isEmpty else { return }
    let separator = text.isEmpty ? nil : search.draft.literal(text)
    var walk = Walk(search, request, parts, separator, endsLines: text == "\n")
    walk.extend()
    search.with(request.secret, separator) {
      walk.isBehindSecret = true
      walk.extend()
    }
  }

  /// A walk down all orders, in which the draft's beginning is shared by all that follow it.
  private struct Walk {
    /// A value, or path and query as one.
    struct Element {
      let pieces: [PayloadDraft.Piece]
      /// Its place among the parts of the request as they are sent; nil for a header value.
      let place: Int?
      let isSigned: Bool
      /// The elements that it excludes.
      let excludes: UInt32
    }

    let search: SignatureSearch
    let separator: PayloadDraft.Piece?
    let secret: PayloadDraft.Piece
    /// Whether a separator may end the payload.
    let endsLines: Bool
    let elements: [Element]
    var isBehindSecret = false

    init(
      _ search: SignatureSearch, _ request: RequestPieces, _ parts: [RequestPieces.Value],
      _ separator: PayloadDraft.Piece?, endsLines: Bool
    ) {
      self.search = search
      self.separator = separator
      self.endsLines = endsLines
      secret = request.secret
      let places: [SigningTemplate.Variable] = [.method, .path, .query, .body]
      var elements = (request.headers + parts).enumerated().map { index, value in
        Element(
          pieces: [value.piece], place: places.firstIndex(of: value.variable), isSigned: value.isSigned,
          excludes: 1 << UInt32(index))
      }
      if let path = parts.first(where: { $0.variable == .path }),
        let query = parts.first(where: { $0.variable == .query })
      {
        let pair = elements.indices.filter {
          elements[$0].pieces == [path.piece] || elements[$0].pieces == [query.piece]
        }
        elements.append(
          Element(
            pieces: [path.piece, search.draft.literal("?"), query.piece], place: 1, isSigned: false,
            excludes: pair.reduce(1 << UInt32(elements.count)) { $0 | 1 << UInt32($1) }))
      }
      self.elements = elements
    }

    /// Tries what is there, and all that follows it.
    ///
    /// - Parameters:
    ///   - used: the elements that are there or excluded.
    ///   - parts: how many parts of the request are there.
    ///   - last: the place of the last of them.
    ///   - isInOrder: whether they are there as they are sent.
    func extend(
      used: UInt32 = 0, isSigned: Bool = false, parts: Int = 0, last: Int = -1, isInOrder: Bool = true
    ) {
      if isSigned, parts > 0 { close() }
      for index in elements.indices where used & 1 << UInt32(index) == 0 {
        let element = elements[index]
        var (nextParts, nextLast, nextInOrder) = (parts, last, isInOrder)
        if let place = element.place {
          nextParts += 1
          nextInOrder = isInOrder && place > last
          nextLast = place
          if nextParts > 2, !nextInOrder { continue }
        }
        let hasSeparator = separator != nil && used != 0
        if hasSeparator, let separator { search.draft.push(separator) }
        for piece in element.pieces { search.draft.push(piece) }
        var blocked = used | element.excludes
        // What is one of path and query as one excludes it.
        for other in elements.indices where elements[other].excludes & 1 << UInt32(index) != 0 {
          blocked |= 1 << UInt32(other)
        }
        extend(
          used: blocked, isSigned: isSigned || element.isSigned, parts: nextParts, last: nextLast,
          isInOrder: nextInOrder)
        for _ in element.pieces { search.draft.pop() }
        if hasSeparator { search.draft.pop() }
      }
    }

    private func close() {
      search.attempt()
      search.with(separator, secret) { search.attempt() }
      guard endsLines else { return }
      search.with(separator, nil) { search.attempt() }
      guard !isBehindSecret else { return }
      search.with(separator, secret) {
        search.with(separator, nil) { search.attempt() }
      }
    }
  }
}
