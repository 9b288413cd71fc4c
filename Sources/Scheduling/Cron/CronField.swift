/// One of the five fields of a cron expression.
enum CronField: Int, CaseIterable, Sendable {
  case minute, hour, dayOfMonth, month, dayOfWeek

  /// What problems call it.
  var name: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .dayOfMonth: "day of month"
    case .month: "month"
    case .dayOfWeek: "day of week"
    }
  }

  /// The numbers that stand in it; a day of week may be 7 as well, for Sunday.
  var range: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...6
    }
  }

  /// Names for its numbers, beginning with the lowest.
  var names: [String] {
    switch self {
    case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    default: []
    }
  }

  /// What is allowed in it, in one line.
  var allowed: String {
    switch self {
    case .minute: "0 to 59, *, ranges 0-30, steps */15, lists 0,30"
    case .hour: "0 to 23, *, ranges 9-17, steps */2, lists 9,18"
    case .dayOfMonth: "1 to 31, *, ?, ranges, steps, lists, L (last day), L-3, 15W (nearest weekday), LW"
    case .month: "1 to 12 or JAN to DEC, *, ranges, steps, lists"
    case .dayOfWeek: "0 to 7 or SUN to SAT (0 and 7 are Sunday), *, ?, ranges, steps, lists, 5L (last Friday), MON#2"
    }
  }
}
