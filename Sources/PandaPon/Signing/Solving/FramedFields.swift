/// Named fields with parts of the request before or behind them, as they are: `POST\n/path\naccess_key=…&timestamp=…`,
/// `accessKey=…&nonceStr=…&timestamp=…{body}`.
struct FramedFields: PayloadFamily {
  static let name = "named fields with parts of the request before or behind them"

  private static let separators = ["", "\n", "&"]

  var slices: Int { FieldNames.all.count }

  func walk(_ search: SignatureSearch, _ request: RequestPieces, slice: Int) {
    guard !request.request.isEmpty else { return }
    let names = FieldNames.all[slice]
    let choices = RequestPieces.choices(of: request.signed + [request.userID])
      .filter { $0.contains(where: \.isSigned) }
    let all = Self.frames(of: request.request)
    let short = Self.frames(of: request.withoutLongBody)
    let secrets = names.secrets.prefix(2).map { Field($0, request.secret, in: search.draft) }
    for chosen in choices {
      let listed = chosen.map { Field(names.name(of: $0.variable), $0.piece, in: search.draft) }
      let sorted = listed.sorted { $0.name < $1.name }
      for fields in sorted == listed ? [listed] : [listed, sorted] {
        for join in FieldJoin.usual {
          let writer = FieldWriter(search, request.secret, join)
          for text in Self.separators {
            let separator = text.isEmpty ? nil : search.draft.literal(text)
            for frame in text.isEmpty ? all : short {
              attempt(frame, fields, secrets, separator, writer, request.secret, search)
            }
          }
        }
      }
    }
  }

  /// What stands before and behind the fields: all of a choice before, all behind, or the body behind and the rest before.
  private static func frames(of request: [RequestPieces.Value]) -> Set<Frame> {
    var frames: Set<Frame> = []
    for chosen in RequestPieces.choices(of: request).dropFirst() {
      let pieces = chosen.map(\.piece)
      frames.insert(Frame(before: pieces, behind: []))
      frames.insert(Frame(before: [], behind: pieces))
      guard chosen.last?.variable == .body else { continue }
      frames.insert(Frame(before: Array(pieces.dropLast()), behind: Array(pieces.suffix(1))))
    }
    return frames
  }

  private struct Frame: Hashable {
    let before: [PayloadDraft.Piece]
    let behind: [PayloadDraft.Piece]
  }

  private func attempt(
    _ frame: Frame, _ fields: [Field], _ secrets: [Field], _ separator: PayloadDraft.Piece?, _ writer: FieldWriter,
    _ secret: PayloadDraft.Piece, _ search: SignatureSearch
  ) {
    func write(_ fields: [Field], _ body: () -> Void) {
      for piece in frame.before { search.push(piece, separator) }
      writer.write(fields) {
        for piece in frame.behind { search.push(separator, piece) }
        body()
        search.pop(frame.behind.count, with: separator)
      }
      search.pop(frame.before.count, with: separator)
    }
    func attempt() {
      search.attempt()
      search.with(separator, secret) { search.attempt() }
    }
    write(fields, attempt)
    search.with(secret, separator) { write(fields, attempt) }
    for field in secrets { write(fields + [field]) { search.attempt() } }
  }
}

extension SignatureSearch {
  fileprivate func push(_ first: PayloadDraft.Piece?, _ second: PayloadDraft.Piece?) {
    if let first { draft.push(first) }
    if let second { draft.push(second) }
  }

  fileprivate func pop(_ count: Int, with separator: PayloadDraft.Piece?) {
    for _ in 0..<(separator == nil ? count : 2 * count) { draft.pop() }
  }
}
