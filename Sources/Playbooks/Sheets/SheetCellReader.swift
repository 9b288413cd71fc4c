import JSON

/// Types one cell as its column says.
struct SheetCellReader {
  let column: SheetColumn

  /// The typed value of a cell that is not empty.
  ///
  /// - Throws: ``ParameterProblem`` that says what is wrong with it, without its place.
  func value(_ cell: SheetCell) throws(ParameterProblem) -> JSON {
    switch column.kind {
    case .text: return .string(cell.text)
    case .id: return .string(try id(cell.text))
    case .waybill: return .string(try waybill(cell.text))
    case .phone: return .string(try phone(cell.text))
    case .integer: return try typed(cell.value ?? .string(cell.text), .integer)
    case .boolean: return try typed(Self.truths[cell.text].map(JSON.bool) ?? cell.value ?? .string(cell.text), .boolean)
    case .duration: return try typed(cell.value ?? .string(cell.text), .duration)
    case .time: return try typed(cell.value?.integer.map(JSON.integer) ?? .string(Self.dashed(cell.text)), .time)
    case .date: return try typed(.string(Self.dashed(cell.text)), .date)
    case .money: return try money(cell)
    case .choice: return try typed(.string(cell.text), .choice)
    }
  }

  private func typed(_ value: JSON, _ kind: Parameter.Kind) throws(ParameterProblem) -> JSON {
    try ParameterReader(kind: kind, element: .text, choices: column.choices, minimum: nil, maximum: nil).value(value)
  }

  private static let truths = ["是": true, "否": false, "Y": true, "N": false, "y": true, "n": false]

  private func money(_ cell: SheetCell) throws(ParameterProblem) -> JSON {
    if let value = cell.value, Money(json: value) != nil { return value }
    let isBare = cell.text.allSatisfy { ($0.isASCII && $0.isNumber) || "+-.,".contains($0) }
    if isBare, let currency = column.currency { return try Money(parsing: "\(cell.text) \(currency)").json }
    return try Money(parsing: cell.text).json
  }

  // MARK: What spreadsheets spoil

  /// Letters, digits, `-` and `_`; a number that a spreadsheet wrote its own way has lost digits.
  private func id(_ text: String) throws(ParameterProblem) -> String {
    try checkWhole(text)
    guard text.utf8.count <= 64, text.utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F }) else {
      throw ParameterProblem("\(quoted(text)) is no id", hint: "an id has letters, digits, - and _ only")
    }
    return text
  }

  /// Letters and digits, 5 to 40 of them, perhaps with `-`; white space is dropped and letters are made capitals, so
  /// that one parcel has one spelling.
  private func waybill(_ text: String) throws(ParameterProblem) -> String {
    try checkWhole(text)
    let waybill = text.filter { !$0.isWhitespace }.uppercased()
    guard (5...40).contains(waybill.utf8.count), waybill.utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x2D }),
      waybill.utf8.contains(where: { (0x30...0x39).contains($0) })
    else {
      throw ParameterProblem(
        "\(quoted(text)) is no waybill", hint: "5 to 40 letters and digits; one parcel in each row")
    }
    return waybill
  }

  /// Digits, with `+`, `-`, brackets, and what stands before an extension; white space is dropped.
  private func phone(_ text: String) throws(ParameterProblem) -> String {
    try checkWhole(text)
    let phone = text.filter { !$0.isWhitespace }
    let digits = phone.count { $0.isASCII && $0.isNumber }
    guard (5...20).contains(digits), phone.count <= 32,
      phone.allSatisfy({ ($0.isASCII && $0.isNumber) || "+-()（）转,，#".contains($0) })
    else { throw ParameterProblem("\(quoted(text)) is no phone number", hint: "for example 13800138000") }
    return phone
  }

  private func checkWhole(_ text: String) throws(ParameterProblem) {
    if text.wholeMatch(of: /[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+/) != nil {
      throw ParameterProblem(
        "\(quoted(text)) is a number that a spreadsheet shortened: its digits are lost", hint: Self.asText)
    }
    if text.wholeMatch(of: /[+-]?[0-9]+[.,][0-9]+/) != nil {
      throw ParameterProblem("\(quoted(text)) is a number with decimals", hint: Self.asText)
    }
  }

  static let asText = "format the column as text in the spreadsheet, put the numbers in again, and save it as CSV"

  private func quoted(_ text: String) -> String { JSON.string(text.count <= 60 ? text : text.prefix(59) + "…").text() }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  /// A date as spreadsheets in China write it, `2026/11/1 9:30`, in the form that is read: `2026-11-01 09:30`.
  static func dashed(_ text: String) -> String {
    guard let match = text.wholeMatch(of: /([0-9]{4})[-\/]([0-9]{1,2})[-\/]([0-9]{1,2})(?:\s+([0-9]{1,2})(:.*))?/)
    else {
      return text
    }
    func padded(_ digits: Substring) -> String { digits.count == 1 ? "0\(digits)" : String(digits) }
    let date = "\(match.1)-\(padded(match.2))-\(padded(match.3))"
    guard let hours = match.4, let rest = match.5 else { return date }
    return "\(date) \(padded(hours))\(rest)"
  }
}
