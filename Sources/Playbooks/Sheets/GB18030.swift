import Glibc

/// The Chinese standard encoding, with GBK and GB2312 within it, as the C library knows it.
enum GB18030 {
  /// The text as UTF-8.
  ///
  /// - Throws: ``ParameterProblem`` with the line where the bytes stop being GB18030.
  static func utf8(of bytes: [UInt8]) throws(ParameterProblem) -> [UInt8] {
    guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1 else {
      throw ParameterProblem(
        "it is not UTF-8, and this machine's C library knows no GB18030", hint: "save it as \"CSV UTF-8\"")
    }
    defer { iconv_close(converter) }
    var source = bytes.map { CChar(bitPattern: $0) }
    // Two bytes become three at most, one of ASCII stays one, and four become four.
    var target = [CChar](repeating: 0, count: bytes.count * 3 / 2 + 16)
    let converted = source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target -> (isWhole: Bool, read: Int, written: Int) in
        var (from, into) = (source.baseAddress, target.baseAddress)
        var (left, room) = (source.count, target.count)
        let result = iconv(converter, &from, &left, &into, &room)
        return (result != -1 && left == 0, source.count - left, target.count - room)
      }
    }
    guard converted.isWhole else {
      let line = bytes[..<converted.read].count { $0 == 0x0A } + 1
      throw SheetText.unreadable("line \(line) is neither UTF-8 nor GB18030")
    }
    return target[..<converted.written].map { UInt8(bitPattern: $0) }
  }
}
