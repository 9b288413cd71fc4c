/// Payloads that are built alike: one walk over all of them.
protocol PayloadFamily: Sendable {
  /// What they have in common, for people.
  static var name: String { get }

  /// In how many parts it is walked; they need nothing of each other.
  var slices: Int { get }

  /// Puts each payload of one slice together in the search's draft and has it tried.
  func walk(_ search: SignatureSearch, _ request: RequestPieces, slice: Int)
}

extension SignatureSearch {
  /// Does something with pieces at the end of the draft, and takes them away again.
  @inline(__always)
  func with(_ first: PayloadDraft.Piece?, _ second: PayloadDraft.Piece?, _ body: () -> Void) {
    if let first { draft.push(first) }
    if let second { draft.push(second) }
    body()
    if second != nil { draft.pop() }
    if first != nil { draft.pop() }
  }
}
