import Redaction

/// A payload that grows and shrinks piece by piece, so that millions of them can be looked at without making any anew.
///
/// The pieces and the payload are in memory that is wiped in the end: one of the pieces is the secret. Not for sharing:
/// one search has one draft.
final class PayloadDraft {
  /// A text that payloads are made of.
  struct Piece: Hashable {
    fileprivate let index: Int
  }

  private var parts: [SigningTemplate.Part] = []
  private var texts: [UnsafeMutableRawBufferPointer] = []
  private var literals: [String: Piece] = [:]
  private var payload = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
  private var pieces: [Piece] = []
  /// How many bytes the payload has.
  private(set) var count = 0
  /// How often the secret is in it.
  private(set) var secrets = 0
  private var secret: Piece?

  init() {
    pieces.reserveCapacity(64)
  }

  deinit {
    for text in texts + [payload] {
      wipe(text)
      text.deallocate()
    }
  }

  /// The piece of a literal text.
  func literal(_ text: String) -> Piece {
    if let known = literals[text] { return known }
    let piece = add(.literal(text), Array(text.utf8))
    literals[text] = piece
    return piece
  }

  /// The piece of a variable's value.
  func value(of variable: SigningTemplate.Variable, _ bytes: some Collection<UInt8>) -> Piece {
    let piece = add(.variable(variable), bytes)
    if variable == .secret { secret = piece }
    return piece
  }

  private func add(_ part: SigningTemplate.Part, _ bytes: some Collection<UInt8>) -> Piece {
    let text = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    text.copyBytes(from: bytes)
    parts.append(part)
    texts.append(text)
    return Piece(index: parts.count - 1)
  }

  /// Adds a piece at the end.
  func push(_ piece: Piece) {
    let text = texts[piece.index]
    if count + text.count > payload.count { grow(to: count + text.count) }
    if let target = payload.baseAddress, let source = text.baseAddress {
      (target + count).copyMemory(from: source, byteCount: text.count)
    }
    count += text.count
    if piece == secret { secrets += 1 }
    pieces.append(piece)
  }

  /// Takes the last piece away.
  func pop() {
    guard let piece = pieces.popLast() else { return }
    count -= texts[piece.index].count
    if piece == secret { secrets -= 1 }
  }

  private func grow(to size: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * size, alignment: 1)
    larger.copyMemory(from: UnsafeRawBufferPointer(payload))
    wipe(payload)
    payload.deallocate()
    payload = larger
  }

  /// The payload's bytes, valid until the next change.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: payload.baseAddress, count: count)
  }

  /// The payload as a template.
  var template: SigningTemplate {
    SigningTemplate(parts: pieces.map { parts[$0.index] }.joiningLiterals)
  }
}

extension [SigningTemplate.Part] {
  /// The same parts with neighbouring literal texts as one, as a template that is read has them.
  fileprivate var joiningLiterals: [SigningTemplate.Part] {
    reduce(into: []) { parts, part in
      if case .literal(let text) = part, case .literal(let before)? = parts.last {
        parts[parts.count - 1] = .literal(before + text)
      } else {
        parts.append(part)
      }
    }
  }
}
