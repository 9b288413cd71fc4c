public import JSON

/// Money in minor units of a currency: fen of CNY.
public struct Money: Hashable, Sendable {
  /// The amount in minor units.
  public let minorUnits: Int64
  /// ISO 4217 code.
  public let currency: String

  /// An amount of that many minor units.
  public init(minorUnits: Int64, currency: String = "CNY") {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  /// Currencies without a minor unit; all others that Ebb knows have two decimals.
  private static let wholeCurrencies: Set<String> = ["VND", "KRW", "JPY"]
  private static let knownCurrencies: Set<String> = [
    "CNY", "USD", "EUR", "GBP", "HKD", "RUB", "BRL", "THB", "KZT", "VND", "KRW", "JPY",
  ]
  private static let symbols = ["¥": "CNY", "￥": "CNY", "元": "CNY", "RMB": "CNY", "$": "USD", "€": "EUR"]

  private static func decimals(of currency: String) -> Int { wholeCurrencies.contains(currency) ? 0 : 2 }

  /// Reads `500 CNY`, `¥500`, `500元`, `50000 fen`.
  ///
  /// - Throws: ``ParameterProblem`` that says what is wrong; a bare number is refused with both readings.
  public init(parsing text: String) throws(ParameterProblem) {
    let trimmed = text.trimmed
    let isNumber: (Character) -> Bool = { ($0.isASCII && $0.isNumber) || "+-.,".contains($0) }
    guard let start = trimmed.firstIndex(where: isNumber) else {
      throw ParameterProblem(
        "\"\(text)\" is no amount", hint: "write it with its unit: 500 CNY, ¥500, 500元 or 50000 fen")
    }
    let end = trimmed[start...].firstIndex { !isNumber($0) } ?? trimmed.endIndex
    let written = trimmed[start..<end]
    // A comma parts thousands and nothing else: 1,50 must not be read as 150.
    let number = Self.isGrouped(written) ? written.filter { $0 != "," } : String(written)
    let unit = (trimmed[..<start] + trimmed[end...]).trimmed
    if unit.isEmpty {
      throw ParameterProblem(
        "\"\(text)\" has no unit", hint: "write \(number) CNY for yuan, or \(number) fen for hundredths of a yuan")
    }
    if unit == "fen" || unit == "分" {
      guard let fen = Int64(number) else {
        throw ParameterProblem("\"\(text)\" is no whole number of fen", hint: "fen have no decimals")
      }
      self.init(minorUnits: fen, currency: "CNY")
      return
    }
    let currency = Self.symbols[String(unit)] ?? Self.symbols[unit.uppercased()] ?? unit.uppercased()
    guard Self.knownCurrencies.contains(currency) else {
      throw ParameterProblem("\"\(unit)\" is no currency that Ebb knows", hint: "for example 500 CNY")
    }
    guard let minorUnits = Self.minorUnits(number, decimals: Self.decimals(of: currency)) else {
      throw ParameterProblem("\"\(text)\" is no exact amount of \(currency)", hint: "at most two decimals")
    }
    self.init(minorUnits: minorUnits, currency: currency)
  }

  private static func isGrouped(_ number: Substring) -> Bool {
    let whole = number.prefix { $0 != "." }
    let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
    return !number.dropFirst(whole.count).contains(",") && groups[0].contains(where: \.isNumber)
      && groups.dropFirst().allSatisfy { $0.count == 3 }
  }

  private static func minorUnits(_ number: String, decimals: Int) -> Int64? {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, whole.contains(where: \.isNumber) else { return nil }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    guard fraction.allSatisfy(\.isNumber) else { return nil }
    while fraction.count > decimals, fraction.hasSuffix("0") { fraction.removeLast() }
    guard fraction.count <= decimals else { return nil }
    return Int64(whole + fraction + String(repeating: "0", count: decimals - fraction.count))
  }

  /// The amount as scripts and `--json` have it: `{"fen": …, "currency": …}`.
  public var json: JSON { ["fen": .integer(minorUnits), "currency": .string(currency)] }

  /// Reads the form of ``json``; nil for any other value.
  public init?(json: JSON?) {
    guard let minorUnits = json?["fen"]?.integer, let currency = json?["currency"]?.string else { return nil }
    self.init(minorUnits: minorUnits, currency: currency)
  }
}

extension Money: CustomStringConvertible {
  /// The amount for people: `1,234.56 CNY`.
  public var description: String {
    let decimals = Self.decimals(of: currency)
    var digits = String(minorUnits.magnitude)
    var fraction = ""
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      fraction = "." + digits.suffix(decimals)
      digits = String(digits.dropLast(decimals))
    }
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return (minorUnits < 0 ? "-" : "") + grouped + fraction + " " + currency
  }
}

extension StringProtocol {
  /// The text without white space at either end.
  var trimmed: SubSequence {
    guard let start = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[endIndex...]
    }
    return self[start...last]
  }
}
