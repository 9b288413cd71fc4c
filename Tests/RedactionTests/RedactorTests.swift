import Redaction
import Testing

@Suite struct RedactorTests {
  static let secret = "q7Wd0Zr3Xv9/Lk2Tb8Nf5+Hs1Jm6Pc4\"y"

  static func redactor(_ secret: String = RedactorTests.secret) -> Redactor {
    var redactor = Redactor()
    redactor.hide(secret: secret.utf8)
    return redactor
  }

  /// The forms as Python writes them: bytes.hex, base64, urllib.parse.quote (once and twice), json.dumps.
  @Test(arguments: [
    #"q7Wd0Zr3Xv9/Lk2Tb8Nf5+Hs1Jm6Pc4"y"#,
    "71375764305a72335876392f4c6b325462384e66352b4873314a6d365063342279",
    "71375764305A72335876392F4C6B325462384E66352B4873314A6D365063342279",
    "q7Wd0Zr3Xv9%2FLk2Tb8Nf5%2BHs1Jm6Pc4%22y",
    "q7Wd0Zr3Xv9%2fLk2Tb8Nf5%2bHs1Jm6Pc4%22y",
    "q7Wd0Zr3Xv9%252FLk2Tb8Nf5%252BHs1Jm6Pc4%2522y",
    #"q7Wd0Zr3Xv9\/Lk2Tb8Nf5+Hs1Jm6Pc4\"y"#,
    #"q7Wd0Zr3Xv9/Lk2Tb8Nf5+Hs1Jm6Pc4\u0022y"#,
    #"\u0071\u0037\u0057\u0064\u0030\u005a\u0072\u0033\u0058\u0076\u0039\u002f\u004c\u006b\u0032\u0054"#,
  ])
  func hidesEveryForm(_ form: String) {
    #expect(Self.redactor()("before \(form) after") == "before [secret] after")
  }

  @Test(arguments: 0..<6)
  func hidesBase64InsideALongerText(_ before: Int) {
    let bytes = Array(repeating: UInt8(ascii: "x"), count: before) + Array(Self.secret.utf8) + Array("tail".utf8)
    for text in [base64(bytes), base64(bytes, urlSafe: true)] {
      let clean = Self.redactor()(text)
      #expect(clean.contains("[secret]"))
      #expect(clean.count < text.count - 20, "\(clean)")
    }
  }

  @Test func hidesFragmentsFromTwelveCharactersOn() {
    let redactor = Self.redactor()
    #expect(redactor("x Zr3Xv9/Lk2Tb y") == "x [secret] y")
    #expect(redactor("x Zr3Xv9/Lk2T y") == "x Zr3Xv9/Lk2T y")
  }

  @Test func leavesOtherTextAlone() {
    let text = "退款 110000235001 {\"code\":200,\"msg\":\"成功\"} 100% of a+b \\u00zz %zz \\"
    #expect(Self.redactor()(text) == text)
    #expect(Redactor()(text) == text)
  }

  @Test(arguments: ["", "t", "tex"])
  func ignoresASecretThatKeepsNothing(_ secret: String) {
    #expect(Self.redactor(secret)("text") == "text")
    #expect(Self.redactor("text")("a text.") == "a [secret].")
  }

  @Test func hidesSecretsBeyondASCIIInEscapes() {
    let redactor = Self.redactor("密钥🔑-long-enough-to-count")
    #expect(redactor(#"a 密钥🔑-long-enough-to-count z"#) == "a [secret] z")
    #expect(redactor(#"a \u5bc6\u94a5\ud83d\udd11-long-enough-to-count z"#) == "a [secret] z")
    #expect(redactor("a %E5%AF%86%E9%92%A5%F0%9F%94%91-long-enough-to-count z") == "a [secret] z")
  }

  @Test func showsTheFirstFourCharactersOfAnAccessKey() {
    var redactor = Redactor()
    redactor.hide(accessKey: "58c0201dfdf148eca63cbf6bb5e7cf03")
    #expect(redactor("key 58c0201dfdf148eca63cbf6bb5e7cf03!") == "key 58c0…!")
    #expect(Redactor.masked(accessKey: "abc") == "…")
    redactor.hide(accessKey: "k")
    #expect(redactor("keys are kept") == "keys are kept")
  }

  @Test func theProcessWideFunctionKnowsWhatWasHidden() {
    hide(secret: "process-wide secret of a test".utf8)
    hide(accessKey: "0123456789abcdef-of-a-test")
    #expect(redact("a process-wide secret of a test z") == "a [secret] z")
    #expect(redact("0123456789abcdef-of-a-test") == "0123…")
  }

  /// Whatever the secret and wherever it stands in whatever encoding, no run of it as long as a fragment is left.
  @Test(arguments: 0..<40)
  func leavesNoFragmentOfARandomSecret(_ seed: UInt64) {
    var random = SplitMix(state: seed)
    let length = Int.random(in: 16...48, using: &random)
    let secret = (0..<length).map { _ in UInt8.random(in: 0x21...0x7E, using: &random) }
    var redactor = Redactor()
    redactor.hide(secret: secret)
    for encode in encoders {
      let count = Int.random(in: 0...20, using: &random)
      let noise = (0..<count).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
      let before = String(decoding: noise, as: UTF8.self)
      let after = String(decoding: noise.reversed(), as: UTF8.self)
      let clean = redactor(before + encode(secret) + after)
      #expect(clean.contains(Redactor.mask))
      for start in 0...(secret.count - Redactor.fragmentLength) {
        let fragment = Array(secret[start..<(start + Redactor.fragmentLength)])
        #expect(!clean.contains(encode(fragment)), "\(before + encode(secret) + after) became \(clean)")
      }
      #expect(redactor(clean) == clean)
    }
  }
}

private let encoders: [@Sendable ([UInt8]) -> String] = [
  { String(decoding: $0, as: UTF8.self) },
  { $0.map { hex($0, "0123456789abcdef") }.joined() },
  { $0.map { hex($0, "0123456789ABCDEF") }.joined() },
  { base64($0) },
  { base64($0, urlSafe: true) },
  { $0.map { "%" + hex($0, "0123456789ABCDEF") }.joined() },
  { $0.map { "%25" + hex($0, "0123456789abcdef") }.joined() },
  { $0.map { "\\u00" + hex($0, "0123456789abcdef") }.joined() },
  { $0.map { ($0 == 0x22 || $0 == 0x5C ? "\\" : "") + String(UnicodeScalar($0)) }.joined() },
]

private func hex(_ byte: UInt8, _ digits: String) -> String {
  let digits = Array(digits)
  return "\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
}

private func base64(_ bytes: [UInt8], urlSafe: Bool = false) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + (urlSafe ? "-_" : "+/"))
  var bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
  while bits.count % 6 != 0 { bits.append(0) }
  return stride(from: 0, to: bits.count, by: 6).map { start in
    String(alphabet[bits[start..<start + 6].reduce(0) { $0 << 1 | Int($1) }])
  }.joined()
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
