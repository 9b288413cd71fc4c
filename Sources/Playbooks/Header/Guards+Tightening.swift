extension Guards {
  /// The two together, the stricter of each holding: `ebb.yaml` can tighten a header's guards and never loosen them.
  public func tightened(by other: Guards) -> Guards {
    var guards = self
    if let allowed = other.writes { guards.writes = writes.map { $0.filter(allowed.contains) } ?? allowed }
    guards.maxWrites.run = Self.least(maxWrites.run, other.maxWrites.run)
    guards.maxWrites.day = Self.least(maxWrites.day, other.maxWrites.day)
    guards.maxAmount.run = Self.least(maxAmount.run, other.maxAmount.run)
    guards.maxAmount.day = Self.least(maxAmount.day, other.maxAmount.day)
    guards.approvalAmount = Self.least(approvalAmount, other.approvalAmount)
    guards.approvalCount = Self.least(approvalCount, other.approvalCount)
    guards.stopAfter = Self.least(stopAfter, other.stopAfter)
    guards.approvalExpires = [approvalExpires, other.approvalExpires].compactMap(\.self).min()
    guards.quietHours += other.quietHours.filter { !quietHours.contains($0) }
    guards.sameSubject = other.sameSubject.map { sameSubject?.tightened(by: $0) ?? $0 } ?? sameSubject
    return guards
  }

  private static func least(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  /// The smaller amount; of two currencies the first, whose writes alone it can bound, made nothing: no write passes.
  private static func least(_ left: Money?, _ right: Money?) -> Money? {
    guard let left, let right else { return left ?? right }
    guard left.currency == right.currency else { return Money(minorUnits: 0, currency: left.currency) }
    return left.minorUnits <= right.minorUnits ? left : right
  }
}
