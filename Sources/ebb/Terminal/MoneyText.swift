/// Money as people read it.
enum MoneyText {
  /// An amount in fen, e.g. `1,234.56 CNY`; exact for every integer, negative ones included.
  static func render(fen: Int64, currency: String = "CNY") -> String {
    let magnitude = fen.magnitude
    let (yuan, rest) = magnitude.quotientAndRemainder(dividingBy: 100)
    let cents = rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(fen < 0 ? "-" : "")\(grouped(yuan)).\(cents) \(currency)"
  }

  /// A count with its thousands set apart, e.g. `10,000`.
  static func grouped(_ number: UInt64) -> String {
    let digits = String(number)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }
}
