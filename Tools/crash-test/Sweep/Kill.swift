/// How one worker process is ended.
enum Kill: Hashable, Sendable, CustomStringConvertible {
  /// At the n-th place it passes.
  case place(Int)
  /// At the n-th moment of the simulator: a request arrived, or was carried out and not answered.
  case moment(Int)
  /// After so many milliseconds.
  case time(Int)

  /// As in a trial's name, e.g. `p17`.
  var description: String {
    switch self {
    case .place(let number): "p\(number)"
    case .moment(let number): "m\(number)"
    case .time(let milliseconds): "t\(milliseconds)"
    }
  }

  /// Reads what `description` writes.
  init?(_ text: some StringProtocol) {
    guard let kind = text.first, let number = Int(text.dropFirst()) else { return nil }
    switch kind {
    case "p": self = .place(number)
    case "m": self = .moment(number)
    case "t": self = .time(number)
    default: return nil
    }
  }
}

/// One world, one run, and where its worker is ended first; what follows is drawn from the seed.
struct Trial: Hashable, Sendable, CustomStringConvertible {
  let workload: String
  /// Which of ``FaultMix/all`` strikes requests.
  let faults: Int
  /// Which worker process is ended first, from 0; those before it go undisturbed as far as they can.
  let process: Int
  /// How; nil for an undisturbed run.
  let kill: Kill?
  /// What the ends of later processes are drawn from; 0 leaves them alone.
  let seed: UInt64

  /// As `--only` takes it, e.g. `refunds/0/0:p17/5`.
  var description: String { "\(workload)/\(faults)/\(process):\(kill.map(\.description) ?? "-")/\(seed)" }

  init(workload: String, faults: Int, process: Int = 0, kill: Kill? = nil, seed: UInt64 = 0) {
    self.workload = workload
    self.faults = faults
    self.process = process
    self.kill = kill
    self.seed = seed
  }

  /// Reads what `description` writes.
  init?(_ text: String) {
    let parts = text.split(separator: "/")
    guard parts.count == 4, let faults = Int(parts[1]), let seed = UInt64(parts[3]) else { return nil }
    let place = parts[2].split(separator: ":")
    guard place.count == 2, let process = Int(place[0]), place[1] == "-" || Kill(place[1]) != nil else { return nil }
    self.init(workload: String(parts[0]), faults: faults, process: process, kill: Kill(place[1]), seed: seed)
  }
}

/// What goes wrong beside the ends of workers.
struct FaultMix: Sendable {
  /// What strikes requests, as `ebb simulate --faults` takes it.
  let faults: String
  /// By how much the clock of each worker is behind that of the worker before, in milliseconds.
  var clockGoesBack: Int64 = 0

  /// The first is none. What keeps a request from its effect strikes at uneven distances: at even ones it could meet all
  /// attempts of one write, which is then given up, and rightly so.
  static let all = [
    FaultMix(faults: ""),
    FaultMix(faults: "reset-after@*:every-5"),
    FaultMix(faults: uneven("reset-before", [4, 9, 11, 17, 26, 28, 40, 55])),
    FaultMix(faults: "server-error-after@*:every-6," + uneven("server-error=503", [3, 8, 15, 23, 31, 45])),
    FaultMix(faults: "truncate@*:every-6,html-after@taobao.refunds.sendMessage:every-3"),
    FaultMix(
      faults: uneven("rate-limit-code", [3, 4, 20, 48, 90, 151]) + "," + uneven("rate-limit", [12, 21, 47, 91, 150])),
    FaultMix(
      faults: "delay=1200ms@*.cancel:every-4,delay=1200ms@*.sendMessage:every-3,delay=1200ms@taobao.orders.*:every-5"),
    FaultMix(faults: "", clockGoesBack: 3 * 3_600_000),
  ]

  private static func uneven(_ fault: String, _ requests: [Int]) -> String {
    requests.map { "\(fault)@*:nth-\($0)" }.joined(separator: ",")
  }
}
