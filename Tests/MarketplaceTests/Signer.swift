import Foundation

@testable import Marketplace

/// Signs requests for tests, with an MD5 of its own: it shares nothing with the verifier.
struct Signer {
  let account: SimulatedAccount
  var clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

  func headers(nonce: String = Signer.nonce()) -> [(name: String, value: String)] {
    let timestamp = String(clock())
    return [
      ("access-key", account.accessKey), ("timestamp", timestamp), ("nonce-str", nonce), ("user-id", account.userID),
      ("signature", MD5.hex(account.accessKey + timestamp + nonce + account.accessSecret)),
    ]
  }

  func query() -> String {
    let timestamp = String(clock())
    return "timestamp=\(timestamp)&sign=\(MD5.hex(account.accessKey + timestamp + account.accessSecret))"
  }

  static func nonce() -> String { UUID().uuidString.replacing("-", with: "") }
}

/// RFC 1321, written out.
enum MD5 {
  private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  private static let sines: [UInt32] = (0..<64).map {
    UInt32(truncatingIfNeeded: Int64(abs(sin(Double($0 + 1))) * 4_294_967_296))
  }

  static func hex(_ text: String) -> String {
    var message = Array(text.utf8)
    let bits = UInt64(message.count) * 8
    message.append(0x80)
    while message.count % 64 != 56 { message.append(0) }
    for index in 0..<8 { message.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index)))) }
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    for block in stride(from: 0, to: message.count, by: 64) {
      let words = (0..<16).map { word in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(message[block + word * 4 + $1]) << UInt32(8 * $1) }
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for step in 0..<64 {
        let (mixed, word): (UInt32, Int) =
          switch step / 16 {
          case 0: ((b & c) | (~b & d), step)
          case 1: ((d & b) | (~d & c), (5 * step + 1) % 16)
          case 2: (b ^ c ^ d, (3 * step + 5) % 16)
          default: (c ^ (b | ~d), (7 * step) % 16)
          }
        let sum = a &+ mixed &+ sines[step] &+ words[word]
        let shift = shifts[step / 16 * 4 + step % 4]
        (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
      }
      for (index, value) in [a, b, c, d].enumerated() { state[index] &+= value }
    }
    return state.map { word in
      (0..<4).map { index in
        let byte = UInt8(truncatingIfNeeded: word >> UInt32(8 * index))
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
    }.joined().uppercased()
  }
}
