import Crypto
import Redaction

/// Makes the signature of one request by a recipe.
struct Signer {
  var recipe: SigningRecipe

  /// What a template's variables stand for in one request.
  struct Values {
    var nonce: String
    var timestamp: String
    var userID: String?
    var method: String
    var path: String
    var query: String
    var body: [UInt8]
  }

  /// The signature as it is sent.
  ///
  /// The payload, which holds the secret, is put together in a buffer that is wiped before this returns; no part of it
  /// ever becomes a `String`.
  func signature(of values: Values, by credentials: Credentials) -> String {
    let payload = PayloadBuffer(capacity: size(of: values, by: credentials))
    fill(payload, with: values, by: credentials)
    defer { wipeFreed() }
    return encode(digest(payload, by: credentials.secret))
  }

  private func size(of values: Values, by credentials: Credentials) -> Int {
    recipe.payload.parts.reduce(0) { total, part in
      switch part {
      case .literal(let text): total + text.utf8.count
      case .variable(.secret): total + credentials.secret.count
      case .variable(.body): total + values.body.count
      case .variable(let variable): total + text(of: variable, in: values, by: credentials).utf8.count
      }
    }
  }

  private func fill(_ payload: borrowing PayloadBuffer, with values: Values, by credentials: Credentials) {
    var offset = 0
    for part in recipe.payload.parts {
      switch part {
      case .literal(let text): offset = payload.write(text.utf8, at: offset)
      case .variable(.secret): offset = credentials.secret.withBytes { payload.write($0, at: offset) }
      case .variable(.body): offset = payload.write(values.body, at: offset)
      case .variable(let variable):
        offset = payload.write(text(of: variable, in: values, by: credentials).utf8, at: offset)
      }
    }
  }

  private func text(of variable: SigningTemplate.Variable, in values: Values, by credentials: Credentials)
    -> String
  {
    switch variable {
    case .accessKey: credentials.accessKey
    case .nonce: values.nonce
    case .timestamp: values.timestamp
    case .userID: values.userID ?? ""
    case .method: values.method
    case .path: values.path
    case .query: values.query
    case .secret, .body: ""  // Bytes, not text: written by `fill` itself.
    case .messageBody: ""  // Of callbacks alone.
    }
  }

  private func digest(_ payload: borrowing PayloadBuffer, by secret: SecretBytes) -> [UInt8] {
    switch recipe.digest {
    case .md5: payload.hash(with: Insecure.MD5.self)
    case .sha1: payload.hash(with: Insecure.SHA1.self)
    case .sha256: payload.hash(with: SHA256.self)
    case .hmacMD5: payload.authenticate(with: Insecure.MD5.self, key: secret)
    case .hmacSHA1: payload.authenticate(with: Insecure.SHA1.self, key: secret)
    case .hmacSHA256: payload.authenticate(with: SHA256.self, key: secret)
    }
  }

  private func encode(_ digest: [UInt8]) -> String {
    switch recipe.encoding {
    case .hexLower: hexText(digest, digits: "0123456789abcdef")
    case .hexUpper: hexText(digest, digits: "0123456789ABCDEF")
    case .base64: base64Text(digest)
    }
  }
}

/// Memory for a payload that holds a secret: wiped before it is given back.
private struct PayloadBuffer: ~Copyable {
  private let memory: UnsafeMutableRawBufferPointer

  init(capacity: Int) {
    memory = .allocate(byteCount: capacity, alignment: 1)
  }

  deinit {
    wipe(memory)
    memory.deallocate()
  }

  /// Copies bytes in and returns the offset after them. What does not fit is left out: the size is computed before.
  borrowing func write(_ bytes: some Collection<UInt8>, at offset: Int) -> Int {
    let end = min(offset + bytes.count, memory.count)
    UnsafeMutableRawBufferPointer(rebasing: memory[offset..<end]).copyBytes(from: bytes.prefix(end - offset))
    return end
  }

  borrowing func hash<Function: HashFunction>(with function: Function.Type) -> [UInt8] {
    var hash = function.init()
    hash.update(bufferPointer: UnsafeRawBufferPointer(memory))
    return Array(hash.finalize())
  }

  borrowing func authenticate<Function: HashFunction>(with function: Function.Type, key: SecretBytes) -> [UInt8] {
    var code = HMAC<Function>(key: key.withBytes { SymmetricKey(data: $0) })
    code.update(data: UnsafeRawBufferPointer(memory))
    return Array(code.finalize())
  }
}

/// Bytes as hex in the given digits.
func hexText(_ bytes: some Sequence<UInt8>, digits: String) -> String {
  let digits = Array(digits.utf8)
  var text: [UInt8] = []
  text.reserveCapacity(2 * bytes.underestimatedCount)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// Bytes as base64 with padding, in the standard alphabet.
private func base64Text(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var output: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let padded = Array(group) + [UInt8](repeating: 0, count: 3 - group.count)
    let value = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
    for index in 0..<4 {
      output.append(index <= group.count ? alphabet[value >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: output, as: UTF8.self)
}
