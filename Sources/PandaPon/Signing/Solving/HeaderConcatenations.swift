/// Access key, timestamp, nonce and user id in any order, with the secret anywhere or around them:
/// `{access-key}{timestamp}{nonce-str}{secret}`, `{secret}&{nonce-str}&{timestamp}`.
struct HeaderConcatenations: PayloadFamily {
  static let name = "header values in any order, the secret anywhere"

  /// What may stand between values.
  static let separators = [
    "", "&", "\n", "|", ":", ",", "-", "_", ".", ";", "+", "/", "#", "=", " ", "\r\n", "\t", "$", "@", "*", "~", "^",
    "||",
    "&&", "::", "--", "__", ", ",
  ]

  let slices = 1

  func walk(_ search: SignatureSearch, _ request: RequestPieces, slice: Int) {
    for text in Self.separators {
      let separator = text.isEmpty ? nil : search.draft.literal(text)
      // Where something stands between, an empty user id is seen too.
      let headers = separator == nil ? request.headers : request.signed + [request.userID]
      let secret = RequestPieces.Value(variable: .secret, piece: request.secret)
      for values in RequestPieces.arrangements(of: headers + [secret]) where values.count > 1 || separator == nil {
        write(values, separator, search) { search.attempt(keyedToo: true) }
      }
      for values in RequestPieces.arrangements(of: headers) {
        around(values, separator, request.secret, search)
      }
    }
  }

  /// The secret on both sides, or joined to the values without what stands between those.
  private func around(
    _ values: [RequestPieces.Value], _ separator: PayloadDraft.Piece?, _ secret: PayloadDraft.Piece,
    _ search: SignatureSearch
  ) {
    search.with(secret, separator) {
      write(values, separator, search) {
        search.with(separator, secret) { search.attempt(keyedToo: true) }
      }
    }
    guard let separator else { return }
    // One that ends every value, also the last.
    write(values, separator, search) {
      search.with(separator, nil) { search.attempt() }
      search.with(separator, secret) {
        search.with(separator, nil) { search.attempt() }
      }
    }
    guard values.count > 1 else { return }
    write(values, separator, search) {
      search.with(secret, nil) { search.attempt() }
    }
    search.with(secret, nil) {
      write(values, separator, search) {
        search.attempt()
        search.with(secret, nil) { search.attempt() }
      }
    }
  }

  private func write(
    _ values: [RequestPieces.Value], _ separator: PayloadDraft.Piece?, _ search: SignatureSearch, _ body: () -> Void
  ) {
    var pushed = 0
    for value in values {
      if let separator, pushed > 0 {
        search.draft.push(separator)
        pushed += 1
      }
      search.draft.push(value.piece)
      pushed += 1
    }
    body()
    for _ in 0..<pushed { search.draft.pop() }
  }
}
