/// Parts in their usual order with a place kept for what is empty: `{method}\n{path}\n{query}\n{timestamp}\n{body}` of a
/// request without a query or a body.
struct CanonicalLines: PayloadFamily {
  static let name = "parts of the request in their order, empty ones too"

  private static let separators = ["\n", "&", "|", ":", ",", ";", "-", "_", "\r\n"]

  let slices = 1

  func walk(_ search: SignatureSearch, _ request: RequestPieces, slice: Int) {
    guard !request.request.isEmpty, !request.absent.isEmpty else { return }
    let places: [SigningTemplate.Variable] = [.method, .path, .query, .body]
    let parts = (request.request + request.absent).sorted {
      (places.firstIndex(of: $0.variable) ?? 0) < (places.firstIndex(of: $1.variable) ?? 0)
    }
    let arrangements = RequestPieces.arrangements(of: request.signed + [request.userID])
    for chosen in RequestPieces.choices(of: parts) where chosen.contains(where: request.absent.contains) {
      let line = chosen.filter { $0.variable != .body }
      let body = chosen.filter { $0.variable == .body }
      for headers in arrangements {
        var layouts: Set<[RequestPieces.Value]> = [headers + line + body, line + headers + body]
        layouts.insert(line + body + headers)
        for values in layouts {
          for text in Self.separators { write(values, search.draft.literal(text), request.secret, search) }
        }
      }
    }
  }

  private func write(
    _ values: [RequestPieces.Value], _ separator: PayloadDraft.Piece, _ secret: PayloadDraft.Piece,
    _ search: SignatureSearch
  ) {
    let draft = search.draft
    for (index, value) in values.enumerated() {
      if index > 0 { draft.push(separator) }
      draft.push(value.piece)
    }
    search.attempt()
    search.with(separator, nil) { search.attempt() }
    search.with(separator, secret) { search.attempt() }
    for _ in 0..<(2 * values.count - 1) { draft.pop() }
  }
}
