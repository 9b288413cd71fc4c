/// Reads CSV: records of fields, divided by commas, semicolons or tabs, with quotes around what holds these or line breaks.
///
/// A record that is empty is left out and still counted, so that the numbers are those that a spreadsheet shows.
struct DelimitedText {
  /// One line of a sheet.
  struct Record: Equatable {
    /// The number of the line as a spreadsheet counts, from 1.
    let number: Int
    let fields: [Field]

    /// Whether nothing stands in it.
    var isEmpty: Bool { fields.allSatisfy { $0.text.trimmed.isEmpty } }
  }

  /// One cell.
  struct Field: Equatable {
    let text: String
    /// Whether it stood in quotes: those are dropped.
    var isQuoted = false
  }

  private let bytes: [UInt8]
  private let separator: UInt8
  private var index: Int
  private var number = 0

  /// The records of a text in UTF-8.
  ///
  /// - Parameter headings: what the first record probably holds: of several separators the one holds that finds most.
  /// - Throws: ``ParameterProblem`` that names the row where a quote is not closed, or has text behind it.
  static func records(_ bytes: [UInt8], headings: [String]) throws(ParameterProblem) -> [Record] {
    let declared = declaredSeparator(bytes)
    let start = declared?.next ?? 0
    let separator: UInt8 =
      if let declared { declared.separator } else { try likelySeparator(bytes, headings) }
    var reader = DelimitedText(bytes: bytes, separator: separator, index: start)
    if declared != nil { reader.number = 1 }
    var records: [Record] = []
    while let record = try reader.record() {
      if !record.isEmpty { records.append(record) }
    }
    return records
  }

  private init(bytes: [UInt8], separator: UInt8, index: Int) {
    self.bytes = bytes
    self.separator = separator
    self.index = index
  }

  /// The first line `sep=;`, by which some spreadsheets say what divides fields.
  private static func declaredSeparator(_ bytes: [UInt8]) -> (separator: UInt8, next: Int)? {
    guard bytes.count > 4, bytes.starts(with: Array("sep=".utf8)) else { return nil }
    var next = 5
    if next < bytes.count, bytes[next] == carriageReturn { next += 1 }
    guard next < bytes.count, bytes[next] == lineFeed || bytes[next - 1] == carriageReturn else { return nil }
    if bytes[next] == lineFeed { next += 1 }
    return (bytes[4], next)
  }

  private static func likelySeparator(_ bytes: [UInt8], _ headings: [String]) throws(ParameterProblem) -> UInt8 {
    let known = Set(headings.map(Heading.canonical))
    var best = (separator: UInt8(ascii: ","), score: -1)
    for separator in [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")] {
      var reader = DelimitedText(bytes: bytes, separator: separator, index: 0)
      var first = try reader.record()
      while let record = first, record.isEmpty { first = try reader.record() }
      let cells = first?.fields ?? []
      let score = 1000 * cells.count { known.contains(Heading.canonical($0.text)) } + cells.count
      if score > best.score { best = (separator, score) }
    }
    return best.separator
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The next record, which may be empty; nil at the end.
  private mutating func record() throws(ParameterProblem) -> Record? {
    guard index < bytes.count else { return nil }
    number += 1
    var fields: [Field] = []
    while true {
      fields.append(try field())
      guard index < bytes.count else { break }
      let byte = bytes[index]
      index += 1
      if byte == separator { continue }
      if byte == Self.carriageReturn, index < bytes.count, bytes[index] == Self.lineFeed { index += 1 }
      break
    }
    return Record(number: number, fields: fields)
  }

  /// The next field; behind it stand a separator, a line break, or nothing.
  private mutating func field() throws(ParameterProblem) -> Field {
    var start = index
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
    guard start < bytes.count, bytes[start] == Self.quote else {
      let begin = index
      while index < bytes.count, !isEnd(bytes[index]) { index += 1 }
      return Field(text: String(decoding: bytes[begin..<index], as: UTF8.self))
    }
    index = start + 1
    var text: [UInt8] = []
    while true {
      guard index < bytes.count else {
        throw ParameterProblem(
          "row \(number): a quote is opened and never closed",
          hint: #"a quote within a cell is written twice: "a ""b"" c""#)
      }
      let byte = bytes[index]
      index += 1
      if byte != Self.quote {
        text.append(byte)
      } else if index < bytes.count, bytes[index] == Self.quote {
        text.append(byte)
        index += 1
      } else {
        break
      }
    }
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    guard index >= bytes.count || isEnd(bytes[index]) else {
      throw ParameterProblem(
        "row \(number): text follows the quote that closes a cell",
        hint: #"a quote within a cell is written twice: "a ""b"" c""#)
    }
    return Field(text: String(decoding: text, as: UTF8.self), isQuoted: true)
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
  }
}
