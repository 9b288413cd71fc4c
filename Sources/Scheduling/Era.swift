/// The years 1 to 9999: instants and clocks outside of them are not reckoned with.
enum Era {
  /// Their instants, in milliseconds since 1970.
  static let instants: Range<Int64> = -62_135_596_800_000..<253_402_300_800_000
  /// In milliseconds.
  static let minute: Int64 = 60_000
  /// In milliseconds.
  static let day: Int64 = 86_400_000
}

extension Int64 {
  /// Milliseconds on a wall clock as whole minutes, rounded up.
  var minutesRoundedUp: Int { Int((self + Era.minute - 1).flooredQuotient(Era.minute)) }
  /// The day of milliseconds on a wall clock, as days since 1970-01-01.
  var dayNumber: Int { Int(flooredQuotient(Era.day)) }
}
