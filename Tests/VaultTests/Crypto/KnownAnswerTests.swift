import Crypto
import Foundation
import Redaction
import Testing

@testable import Vault

/// The primitives against what was published of them: a library that changed would show here, not in a vault.
@Suite struct KnownAnswerTests {
  /// RFC 7914, section 12; the fourth (1 GiB) costs more than it says.
  @Test(
    arguments: [
      (
        "", "", 4, 1, 1,
        """
        77 d6 57 62 38 65 7b 20 3b 19 ca 42 c1 8a 04 97 f1 6b 48 44 e3 07 4a e8 df df fa 3f ed e2 14 42
        """
      ),
      (
        "password", "NaCl", 10, 8, 16,
        """
        fd ba be 1c 9d 34 72 00 78 56 e7 19 0d 01 e9 fe 7c 6a d7 cb c8 23 78 30 e7 73 76 63 4b 37 31 62
        """
      ),
      (
        "pleaseletmein", "SodiumChloride", 14, 8, 1,
        """
        70 23 bd cb 3a fd 73 48 46 1c 06 cd 81 fd 38 eb fd a8 fb ba 90 4f 8e 3e a9 b5 43 f6 54 5d a1 f2
        """
      ),
    ])
  func scrypt(
    _ passphrase: String, _ salt: String, _ logN: Int, _ r: Int, _ p: Int, _ expected: String
  ) throws {
    let parameters = ScryptParameters(logN: UInt8(logN), r: UInt32(r), p: UInt32(p))
    // The vectors have 64 bytes: the first 32 of them are what is asked for, since PBKDF2's blocks have 32.
    guard !passphrase.isEmpty else {
      #expect(label { _ = try parameters.key(from: SecretBytes(passphrase), salt: []) } == "key_unusable")
      return
    }
    let key = try parameters.key(from: SecretBytes(passphrase), salt: Array(salt.utf8))
    #expect(key.withUnsafeBytes { Array($0) } == hexBytes(expected))
  }

  /// "The Galois/Counter Mode of Operation", McGrew and Viega, test cases 13 to 16 (AES-256), which NIST's SP 800-38D
  /// refers to.
  @Test(
    arguments: [
      ("", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b", false),
      (
        "", "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18",
        "d0d1c8a799996bf0265b98b5d48ab919", false
      ),
      (
        "",
        """
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
        """, "",
        """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad
        """, "b094dac5d93471bdec1a502270e3cc6c", true
      ),
      (
        "",
        """
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
        1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
        """, "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
        """, "76fc6ece0f4e1768cddf8853bb2d551b", true
      ),
    ])
  func aes256GCM(
    _ name: String, _ plain: String, _ data: String, _ cipher: String, _ tag: String, _ isKeyed: Bool
  ) throws {
    let key = SymmetricKey(
      data: isKeyed
        ? hexBytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        : [UInt8](repeating: 0, count: 32))
    let nonce = isKeyed ? hexBytes("cafebabefacedbaddecaf888") : [UInt8](repeating: 0, count: 12)
    let plain = hexBytes(plain)
    let sealed = try plain.lend { bytes throws(VaultError) in
      try Sealing.seal(bytes, under: key, authenticating: hexBytes(data), Entropy { _ in nonce })
    }
    #expect(sealed == nonce + hexBytes(cipher) + hexBytes(tag))
    #expect(Sealing.open(sealed, under: key, authenticating: hexBytes(data)).map { Array($0) } == plain)
    #expect(Sealing.open(sealed, under: key, authenticating: [1]) == nil)
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test(
    arguments: [
      (
        [UInt8](repeating: 0x0b, count: 20), "Hi There", "",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want ", "for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key", " - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func hmacSHA256(_ key: [UInt8], _ first: String, _ second: String, _ expected: String) {
    // A line's code is over the code of the line before and its own body, with nothing in between.
    let code = AuditLine.code(Array(second.utf8), after: Array(first.utf8), SymmetricKey(data: key))
    #expect(code == hexBytes(expected))
  }

  /// RFC 5869, test case 1.
  @Test func hkdfSHA256() {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: [UInt8](repeating: 0x0b, count: 22)),
      salt: hexBytes("000102030405060708090a0b0c"), info: hexBytes("f0f1f2f3f4f5f6f7f8f9"), outputByteCount: 42)
    #expect(
      key.withUnsafeBytes { Array($0) }
        == hexBytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
  }

  /// What a data key gives, computed with Python's hmac: no derived key is another's.
  @Test func derivedKeys() {
    let key = DataKey(
      SymmetricKey(data: (0..<32).map { UInt8($0) }), of: VaultID(bytes: [UInt8](repeating: 0x11, count: 16)))
    #expect(
      [key.directory, key.audit, key.fingerprints].map { hex($0.withUnsafeBytes { Array($0) }) } == [
        "5e80359acc2e60efda28c67c33e04873c1dc17fb773db379aa5084fb2b7f05be",
        "3fdb6edf87e376f34a7a6fead3a895a2c91c4413f69e16f326e5557eac760e55",
        "6452b9c2b3a75c4ddf1f0dda580461bd229226c92b8899294ff4713c2ec5268f",
      ])
  }
}
