import JSON

/// What a schedule says, as the oracle reads it: it has no part in the reading of Ebb's.
struct PlainTerms: Hashable {
  enum Rule: Hashable {
    case cron(String)
    /// Milliseconds.
    case every(Int64)
  }

  let rule: Rule
  let zone: String
  let misfire: String
  let skipsOverlap: Bool
  /// Milliseconds.
  let jitter: Int64

  private static let rules: [(text: String, rule: Rule)] = [
    ("", .cron("*/30 * * * *")), ("", .cron("30 1 * * *")), ("", .cron("0,30 1,2,3 * * *")), ("45m", .every(2_700_000)),
    ("", .cron("15 */2 * * *")), ("", .cron("0 9 * * 1-5")), ("", .cron("5 0-23 * * *")), ("7h", .every(25_200_000)),
    ("", .cron("59 23 L * *")), ("1h", .every(3_600_000)), ("", .cron("10 2 13 * 5")), ("", .cron("*/20 0-3 * * *")),
  ]

  /// Draws what a schedule says.
  init(for zone: String, _ draws: inout Draws) {
    (rule, self.zone) = (draws.one(of: Self.rules).rule, zone)
    misfire = draws.one(of: ["none", "last", "all"])
    skipsOverlap = draws.one(of: [true, false])
    jitter = draws.one(of: [0, 0, 0, 600_000])
  }

  /// The same as Ebb is told.
  var json: JSON {
    var fields: JSONObject = [
      "zone": .string(zone), "misfire": .string(misfire), "overlap": .string(skipsOverlap ? "skip" : "allow"),
    ]
    switch rule {
    case .cron(let text): fields["cron"] = .string(text)
    case .every: fields["every"] = .string(Self.rules.first { $0.rule == rule }?.text ?? "")
    }
    if jitter > 0 { fields["jitter"] = "10m" }
    return .object(fields)
  }
}
