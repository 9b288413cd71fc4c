import Redaction
import Crypto
import FoundationEssentials

/// Compares the digests of many payloads with signatures that are known.
///
/// Only digests of a signature's length are computed, and their raw bytes compared; no text is made before one fits.
final class SignatureSearch {
  /// A payload that fits.
  struct Match: Hashable {
    /// Which of the signatures it fits.
    let target: Int
    let payload: SigningTemplate
    let digest: SigningRecipe.Digest
  }

  /// The payload being tried.
  let draft = PayloadDraft()
  /// How many digests were compared.
  private(set) var tried = 0
  /// What fits, in the order in which it was found.
  private(set) var matches: [Match] = []

  private let targets: [[UInt8]]
  private let plain: [any PayloadDigest]
  private let keyed: [any PayloadDigest]

  /// A search for these digests: bytes of any lengths.
  init(for targets: [[UInt8]], secret: SecretBytes) {
    self.targets = targets
    var (plain, keyed): ([any PayloadDigest], [any PayloadDigest]) = ([], [])
    for (count, indices) in Dictionary(grouping: targets.indices, by: { targets[$0].count }) {
      let known = KnownDigests(targets, indices)
      switch count {
      case Insecure.MD5.byteCount:
        plain.append(PlainDigest<Insecure.MD5>(.md5, known))
        keyed.append(KeyedDigest<Insecure.MD5>(.hmacMD5, known, secret))
      case Insecure.SHA1.byteCount:
        plain.append(PlainDigest<Insecure.SHA1>(.sha1, known))
        keyed.append(KeyedDigest<Insecure.SHA1>(.hmacSHA1, known, secret))
      case SHA256.byteCount:
        plain.append(PlainDigest<SHA256>(.sha256, known))
        keyed.append(KeyedDigest<SHA256>(.hmacSHA256, known, secret))
      default: break
      }
    }
    (self.plain, self.keyed) = (plain, keyed)
  }

  /// Tries the payload as it is: plain digests where the secret is in it, keyed ones where it is not.
  ///
  /// - Parameter keyedToo: whether a payload that holds the secret is also tried with the secret as the key.
  func attempt(keyedToo: Bool = false) {
    let bytes = draft.bytes
    if draft.secrets > 0 { compare(bytes, by: plain) }
    if draft.secrets == 0 || keyedToo { compare(bytes, by: keyed) }
  }

  private func compare(_ bytes: UnsafeRawBufferPointer, by digests: [any PayloadDigest]) {
    tried += digests.count
    for digest in digests {
      for target in digest.targets(of: bytes) {
        matches.append(Match(target: target, payload: draft.template, digest: digest.digest))
      }
    }
  }
}

/// One way to digest payloads, and the digests that are looked for.
private protocol PayloadDigest {
  var digest: SigningRecipe.Digest { get }
  /// The signatures whose digest the payload has; none, nearly always.
  func targets(of payload: UnsafeRawBufferPointer) -> [Int]
}

private struct PlainDigest<Function: HashFunction>: PayloadDigest {
  let digest: SigningRecipe.Digest
  private let known: KnownDigests

  init(_ digest: SigningRecipe.Digest, _ known: KnownDigests) {
    (self.digest, self.known) = (digest, known)
  }

  func targets(of payload: UnsafeRawBufferPointer) -> [Int] {
    var hash = Function()
    hash.update(bufferPointer: payload)
    return hash.finalize().withUnsafeBytes { known.indices(of: $0) }
  }
}

private struct KeyedDigest<Function: HashFunction>: PayloadDigest {
  let digest: SigningRecipe.Digest
  private let known: KnownDigests
  /// Keyed once; each payload continues a copy.
  private let begun: HMAC<Function>

  init(_ digest: SigningRecipe.Digest, _ known: KnownDigests, _ secret: SecretBytes) {
    (self.digest, self.known) = (digest, known)
    begun = HMAC<Function>(key: secret.withBytes { SymmetricKey(data: $0) })
  }

  func targets(of payload: UnsafeRawBufferPointer) -> [Int] {
    var code = begun
    code.update(data: payload)
    return code.finalize().withUnsafeBytes { known.indices(of: $0) }
  }
}

/// Digests of one length that are looked for, found by their first eight bytes.
private struct KnownDigests {
  private let targets: [[UInt8]]
  private let byPrefix: [UInt64: [Int]]
  /// The first eight bytes, where there is one digest alone.
  private let only: UInt64?

  init(_ targets: [[UInt8]], _ indices: [Int]) {
    self.targets = targets
    byPrefix = Dictionary(grouping: indices) { index in targets[index].withUnsafeBytes(Self.prefix) }
    only = byPrefix.count == 1 ? byPrefix.keys.first : nil
  }

  func indices(of digest: UnsafeRawBufferPointer) -> [Int] {
    let prefix = Self.prefix(digest)
    if let only, prefix != only { return [] }
    guard let candidates = byPrefix[prefix] else { return [] }
    return candidates.filter { targets[$0].elementsEqual(digest) }
  }

  private static func prefix(_ digest: UnsafeRawBufferPointer) -> UInt64 {
    digest.count < 8 ? 0 : digest.loadUnaligned(as: UInt64.self)
  }
}
