/// Hides secrets in text, in whatever encoding they stand there, whole or in usable pieces.
///
/// A secret is found plain, percent-encoded, JSON-escaped (also mixed, and percent-encoded twice), as hex in either case
/// and as base64 in both alphabets at any alignment, so that it is also found inside a longer encoded text. A piece of
/// at least ``fragmentLength`` characters is hidden like the whole. Access keys are not secret but identify an account:
/// their whole occurrences keep only the first four characters.
///
/// Sinks do not use this type but ``redact(_:)``, which knows every secret that the process has opened.
public struct Redactor: Sendable {
  /// From how many matching characters on a piece of a secret is hidden: 12. Shorter secrets are hidden as a whole.
  public static let fragmentLength = 12

  /// What stands where a secret stood.
  public static let mask = "[secret]"

  private var needles: [Needle] = []
  /// Where a match may begin: for each byte value the needles and the offsets in them at which that byte stands.
  private var starts: [[Start]] = Array(repeating: [], count: 256)

  private struct Start: Sendable {
    var needle: Int
    var offset: Int
  }

  /// A redactor that knows no secret and returns text as it is.
  public init() {}

  /// Hides this secret from now on. One of fewer than four bytes is ignored: it keeps nothing, and hiding it would make
  /// every text unreadable.
  public mutating func hide(secret: some Collection<UInt8>) {
    // Not an array: what it held would stay in memory when it is gone.
    guard secret.count >= 4 else { return }
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: secret.count, alignment: 1)
    defer {
      wipe(scratch)
      scratch.deallocate()
    }
    scratch.copyBytes(from: secret)
    for form in Needle.forms(of: UnsafeRawBufferPointer(scratch)) {
      add(Needle(form: form, replacement: Self.mask, fragment: min(form.count, Self.fragmentLength)))
    }
  }

  /// Shows no more than the first four characters of this access key from now on. One of fewer than four bytes is ignored,
  /// like such a secret.
  public mutating func hide(accessKey: String) {
    guard accessKey.utf8.count >= 4 else { return }
    let form = accessKey.utf8.enumerated().map { Needle.Place($0.element, at: $0.offset) }
    add(Needle(form: form, replacement: Self.masked(accessKey: accessKey), fragment: form.count))
  }

  /// An access key as it may be shown: `58c0…`.
  public static func masked(accessKey: String) -> String {
    accessKey.count > 4 ? accessKey.prefix(4) + "…" : "…"
  }

  private mutating func add(_ needle: Needle) {
    guard !needle.form.isEmpty, !needles.contains(needle) else { return }
    let index = needles.count
    needles.append(needle)
    for offset in 0...(needle.form.count - needle.fragment) {
      let place = needle.form[offset]
      let (byte, other) = (place.byte(at: offset), place.other(at: offset))
      starts[Int(byte)].append(Start(needle: index, offset: offset))
      if other != byte { starts[Int(other)].append(Start(needle: index, offset: offset)) }
    }
  }

  /// The text with every secret in it hidden.
  public func callAsFunction(_ text: String) -> String {
    if needles.isEmpty { return text }
    var copy = text
    let clean: [UInt8]? = copy.withUTF8 { bytes in redacted(bytes) }
    return clean.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// The bytes with every secret replaced, or nil where there is none in them.
  private func redacted(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var output: [UInt8]?
    var copied = 0
    var position = 0
    while position < text.count {
      guard let (end, needle) = longestMatch(in: text, at: position) else {
        position += 1
        continue
      }
      var result = output ?? []
      result.append(contentsOf: text[copied..<position])
      result.append(contentsOf: needles[needle].replacement.utf8)
      output = result
      copied = end
      position = end
    }
    guard var output else { return nil }
    output.append(contentsOf: text[copied...])
    return output
  }

  private func longestMatch(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> (end: Int, needle: Int)? {
    var best: (end: Int, needle: Int)?
    let unit = Unit(in: text, at: position)
    // Most candidates fall at their second character; where no escape is in the way, that is seen without a match.
    let second = position + 1 < text.count && !unit.isEscape ? text[position + 1] : nil
    let plainSecond = second.flatMap { Unit.beginsEscape($0) ? nil : $0 }
    for start in starts[Int(unit.first)] { consider(start) }
    if let plain = unit.alternative { for start in starts[Int(plain)] { consider(start) } }
    return best

    func consider(_ start: Start) {
      if let plainSecond, !needles[start.needle].has(plainSecond, at: start.offset + 1) { return }
      guard let end = needles[start.needle].match(in: text, at: position, from: start.offset) else { return }
      if end > (best?.end ?? position) { best = (end, start.needle) }
    }
  }
}
