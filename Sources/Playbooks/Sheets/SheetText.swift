/// The text of a sheet's bytes: UTF-8, with or without a byte order mark, or GB18030, as spreadsheets in China save it.
enum SheetText {
  /// The text as UTF-8 without a byte order mark.
  ///
  /// - Throws: ``ParameterProblem`` where the bytes are no text, or in another encoding.
  static func utf8(of bytes: [UInt8]) throws(ParameterProblem) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      let text = Array(bytes.dropFirst(3))
      guard isUTF8(text) else { throw unreadable("it begins as UTF-8 and is none") }
      return text
    }
    if let kind = foreignKinds.first(where: { bytes.starts(with: $0.start) }) {
      throw ParameterProblem(kind.is, hint: "save it as \"CSV UTF-8\"")
    }
    if isUTF8(bytes) {
      guard !bytes.contains(0) else { throw unreadable("it holds NUL bytes") }
      return bytes
    }
    return try GB18030.utf8(of: bytes)
  }

  /// What is often taken for CSV, by its first bytes.
  private static let foreignKinds: [(start: [UInt8], is: String)] = [
    ([0x50, 0x4B, 0x03, 0x04], "it is an Excel workbook, not CSV"),
    ([0xD0, 0xCF, 0x11, 0xE0], "it is an old Excel workbook, not CSV"),
    ([0xFF, 0xFE], "it is in UTF-16"), ([0xFE, 0xFF], "it is in UTF-16"),
  ]

  private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  static func unreadable(_ reason: String) -> ParameterProblem {
    ParameterProblem("it is no text: \(reason)", hint: "save it as \"CSV UTF-8\"")
  }
}
