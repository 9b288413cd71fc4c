/// A parcel's way from seller to receiver, as far as it has come.
struct Trace: Sendable, Hashable {
  struct Step: Sendable, Hashable {
    let time: Int64
    let status: String
    let text: String
    let city: String
    let facility: String
  }

  let steps: [Step]
  private static let endings = [
    "SIGNED": "已签收", "REJECTED": "收件人拒收", "RETURNED": "已退回", "EXCEPTION": "异常", "FAILED": "派送失败", "LOST": "丢失",
  ]

  /// The newest status (upstream.md 6.8); `WAITING_COLLECT` before the first step.
  var status: String { steps.last?.status ?? "WAITING_COLLECT" }

  /// - Parameter ending: the status in which it ended, whatever its way was.
  init(shippedAt: Int64, now: Int64, ending: String? = nil, draws: inout SeededGenerator) {
    let cities = ["杭州市", "广州市", "义乌市", "上海市"]
    let start = draws.pick(cities) ?? ""
    let plan: [(Int64, String, String, String)] = [
      (0, "COLLECTED", "已揽收", start), (9, "DELIVERING", "运输中，离开\(start)转运中心", start),
      (22, "DELIVERING", "到达杭州转运中心", "杭州市"), (31, "DELIVERING", "派送中", "杭州市"), (36, "SIGNED", "已签收", "杭州市"),
    ]
    var steps = plan.compactMap { hours, status, text, city in
      let time = shippedAt + hours * Span.hour + draws.draw(1...50) * Span.minute
      return time <= now || hours == 0
        ? Step(time: min(time, now), status: status, text: text, city: city, facility: city + "分拨中心") : nil
    }
    if let ending, let last = steps.last, last.status != ending {
      let text = Self.endings[ending] ?? ending
      steps.append(Step(time: last.time, status: ending, text: text, city: last.city, facility: last.facility))
    }
    self.steps = steps
  }
}
