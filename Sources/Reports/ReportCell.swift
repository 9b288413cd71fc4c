import JSON

/// What stands in one cell of a report.
public enum ReportCell: Hashable, Sendable {
  case empty
  /// Ids as well, however many digits they have.
  case text(String)
  /// A whole number.
  case integer(Int64)
  case number(Double)
  case amount(Amount)

  /// Money in minor units.
  public struct Amount: Hashable, Sendable {
    /// In hundredths, or in whole units where the currency has no smaller one.
    public let minorUnits: Int64
    /// ISO 4217.
    public let currency: String

    /// How many decimals the currency has.
    public var decimals: Int { Self.whole.contains(currency) ? 0 : 2 }
    private static let whole: Set<String> = ["VND", "KRW", "JPY"]

    /// `1234.50`, without its currency.
    public var digits: String {
      guard decimals == 2 else { return String(minorUnits) }
      let (units, rest) = minorUnits.magnitude.quotientAndRemainder(dividingBy: 100)
      return "\(minorUnits < 0 ? "-" : "")\(units).\(rest < 10 ? "0" : "")\(rest)"
    }
  }

  /// What a script put there: money as a table or as its text, numbers, and all else as text.
  init(_ value: JSON?) {
    switch value {
    case nil, .null?: self = .empty
    case .integer(let number)?: self = .integer(number)
    case .number(let number)?: self = .number(number)
    case .string(let text)?: self = Self.amount(written: text).map(Self.amount) ?? (text.isEmpty ? .empty : .text(text))
    case let value?:
      if let fen = value["fen"]?.integer, let currency = value["currency"]?.string {
        self = .amount(Amount(minorUnits: fen, currency: currency))
      } else {
        self = .text(value.scalarText ?? value.text())
      }
    }
  }

  /// Money as `tostring` writes it: `1234.50 CNY`.
  private static func amount(written text: String) -> Amount? {
    guard let match = text.wholeMatch(of: /(-?)(\d{1,15})(?:\.(\d\d))? ([A-Z]{3})/),
      let units = Int64(match.2)
    else { return nil }
    let currency = String(match.4)
    let decimals = Amount(minorUnits: 0, currency: currency).decimals
    guard (match.3 == nil) == (decimals == 0) else { return nil }
    let magnitude = decimals == 0 ? units : units * 100 + (match.3.flatMap { Int64($0) } ?? 0)
    return Amount(minorUnits: match.1.isEmpty ? magnitude : -magnitude, currency: currency)
  }

  /// The cell as people read it.
  public var text: String {
    switch self {
    case .empty: ""
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): number.description
    case .amount(let amount): "\(amount.digits) \(amount.currency)"
    }
  }

  /// Whether it stands on the right.
  public var isNumeric: Bool {
    switch self {
    case .empty, .text: false
    case .integer, .number, .amount: true
    }
  }
}
