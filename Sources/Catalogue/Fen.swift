/// An amount of money in fen, the hundredth of a yuan: the only form in which money is added or compared.
public struct Fen: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// How many fen; negative where money is owed.
  public let value: Int64

  /// That many fen.
  public init(_ value: Int64) {
    self.value = value
  }

  /// Reads yuan written in decimal, e.g. `12.3`; nil where it is no decimal number, has fractions of a fen, or is too
  /// large.
  public init?(yuan text: some StringProtocol) {
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative { digits = digits.dropFirst() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) else {
      return nil
    }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    guard fraction.count <= 2 else { return nil }
    fraction += String(repeating: "0", count: 2 - fraction.count)
    guard let value = Int64((isNegative ? "-" : "") + parts[0] + fraction) else { return nil }
    self.init(value)
  }

  /// Compares the amounts.
  public static func < (left: Fen, right: Fen) -> Bool { left.value < right.value }

  /// The sum, or nil where it is beyond 64 bits.
  public func adding(_ other: Fen) -> Fen? {
    let (sum, overflow) = value.addingReportingOverflow(other.value)
    return overflow ? nil : Fen(sum)
  }

  /// The amount in yuan with two decimals, e.g. `12.30`.
  public var yuanText: String {
    let (yuan, fen) = value.magnitude.quotientAndRemainder(dividingBy: 100)
    return (value < 0 ? "-" : "") + "\(yuan)." + (fen < 10 ? "0\(fen)" : "\(fen)")
  }

  /// The amount with its unit, e.g. `1230 fen`.
  public var description: String { "\(value) fen" }
}

extension Character {
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
