/// Reads one field of a cron expression.
struct CronFieldReader {
  /// Which field it is.
  let field: CronField
  /// The plain numbers, one bit each; Sunday is 0.
  private(set) var bits: UInt64 = 0
  /// Whether the field begins with `*` or `?`: it restricts nothing by itself.
  private(set) var startsWithStar = false
  /// Whether any member of the list is a `*`.
  private(set) var hasStar = false
  /// Days that are counted from a month, not on it.
  private(set) var special = CronSpecialDays()
  /// The field in its canonical form.
  private(set) var text = ""

  /// Reads a field.
  init(_ field: CronField, _ source: Substring) throws(ScheduleProblem) {
    self.field = field
    var members: [String] = []
    for member in source.uppercased().split(separator: ",", omittingEmptySubsequences: false) {
      members.append(try read(member))
    }
    text = members.joined(separator: ",")
    startsWithStar = text.hasPrefix("*")
  }

  /// Reads one member of the list and gives its canonical form.
  private mutating func read(_ member: Substring) throws(ScheduleProblem) -> String {
    if let text = try readSpecial(member) { return text }
    let parts = member.split(separator: "/", omittingEmptySubsequences: false)
    guard let base = parts.first, parts.count <= 2, !base.isEmpty else { throw problem(member) }
    let step = parts.count == 2 ? try step(parts[1], in: member) : 1
    let suffix = parts.count == 2 ? "/\(step)" : ""
    if base == "*" {
      hasStar = true
      insert(field.range, step)
      return "*" + suffix
    }
    let ends = base.split(separator: "-", omittingEmptySubsequences: false)
    guard let lower = ends.first, ends.count <= 2 else { throw problem(member) }
    let low = try number(lower, in: member)
    guard ends.count == 2 else {
      insert(low...(parts.count == 2 ? max(low, field.range.upperBound) : low), step)
      return label(lower, low) + suffix
    }
    var high = try number(ends[1], in: member)
    // Weeks end on Sunday as well as they begin with it.
    if field == .dayOfWeek, high == 0, low > 0 { high = 7 }
    guard low <= high else {
      throw ScheduleProblem(
        "\(field.name) \(member.quoted): the range ends before it begins",
        hint: "write two: \(label(lower, low))-\(field.range.upperBound),\(field.range.lowerBound)-\(ends[1])")
    }
    insert(low...high, step)
    return label(lower, low) + "-" + label(ends[1], high) + suffix
  }

  /// Reads what only the fields of days have; nil where it is something else.
  private mutating func readSpecial(_ member: Substring) throws(ScheduleProblem) -> String? {
    switch field {
    case .dayOfMonth:
      if member == "?" { return everyDay() }
      if member == "L" || member == "LW" {
        if member == "L" { special.fromLast |= 1 } else { special.lastWeekday = true }
        return String(member)
      }
      if member.hasPrefix("L-") {
        guard let back = digits(member.dropFirst(2)), (1...30).contains(back) else { throw problem(member) }
        special.fromLast |= 1 << UInt32(back)
        return "L-\(back)"
      }
      guard member.hasSuffix("W") else { return nil }
      let day = try number(member.dropLast(), in: member)
      special.nearestWeekday |= 1 << UInt32(day)
      return "\(day)W"
    case .dayOfWeek:
      if member == "?" { return everyDay() }
      if member == "L" {
        throw ScheduleProblem("\(field.name) \"L\": the last of which day?", hint: "5L is the last Friday of the month")
      }
      if member.hasSuffix("L") {
        let day = member.dropLast()
        let number = try number(day, in: member)
        special.lastOfWeekday |= 1 << UInt8(number % 7)
        return label(day, number) + "L"
      }
      let parts = member.split(separator: "#", omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      let weekday = try number(parts[0], in: member)
      guard let count = digits(parts[1]), (1...5).contains(count) else {
        throw ScheduleProblem("\(field.name) \(member.quoted): a month has no such day", hint: "MON#1 to MON#5")
      }
      special.nthOfWeekday |= 1 << UInt64((count - 1) * 7 + weekday % 7)
      return label(parts[0], weekday) + "#\(count)"
    default: return nil
    }
  }

  private mutating func everyDay() -> String {
    insert(field.range, 1)
    return "*"
  }

  private mutating func insert(_ range: ClosedRange<Int>, _ step: Int) {
    for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
      bits |= 1 << UInt64(field == .dayOfWeek ? number % 7 : number)
    }
  }

  private func step(_ text: Substring, in member: Substring) throws(ScheduleProblem) -> Int {
    let most = field.range.upperBound
    guard let step = digits(text), (1...most).contains(step) else {
      let advice = field == .minute || field == .hour ? "; what is longer is an interval: every 90m, every 36h" : ""
      throw ScheduleProblem(
        "\(field.name) \(member.quoted): \(text.quoted) is no step", hint: "steps are 1 to \(most)" + advice)
    }
    return step
  }

  private func number(_ text: Substring, in member: Substring) throws(ScheduleProblem) -> Int {
    if let index = field.names.firstIndex(of: String(text)) { return index + field.range.lowerBound }
    guard let number = digits(text) else { throw problem(member) }
    guard field.range.contains(number) || (field == .dayOfWeek && number == 7) else {
      throw ScheduleProblem(
        "\(field.name) \(member.quoted): \(number) is out of range", hint: "allowed: " + field.allowed)
    }
    return number
  }

  private func digits(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// A number as it was written: names stay names.
  private func label(_ text: Substring, _ number: Int) -> String {
    field.names.contains(String(text)) ? String(text) : String(number)
  }

  private func problem(_ member: Substring) -> ScheduleProblem {
    let what = member.isEmpty ? "a member of the list is empty" : "\(member.quoted) is not understood"
    return ScheduleProblem("\(field.name): \(what)", hint: "allowed: " + field.allowed)
  }
}
