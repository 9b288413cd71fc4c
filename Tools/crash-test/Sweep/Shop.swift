import Catalogue
import Foundation
import JSON
import Marketplace
import Synchronization

/// A simulated marketplace in the sweep's own process, which outlives the workers: its witness knows what took effect.
final class Shop: Sendable {
  /// A write that reached the marketplace.
  struct Sent: Hashable, Sendable {
    let operation: String
    let arguments: JSON
    let tookEffect: Bool
    let instant: Int64
  }

  private struct Contents {
    var exchanges: [WitnessedExchange] = []
    var count = 0
    /// The moment at which a worker is ended, counted from its start.
    var fatal: (moment: Int, process: Int32)?
    var killedAt: String?
  }

  private final class Witness: Sendable {
    let contents = Mutex(Contents())

    func see(_ exchange: WitnessedExchange) {
      contents.withLock { contents in
        contents.exchanges.append(exchange)
        contents.count += 1
        guard let fatal = contents.fatal, contents.count == fatal.moment else { return }
        contents.fatal = nil
        contents.killedAt = "the simulator: \(exchange.moment.rawValue) \(exchange.operation)"
        kill(fatal.process, SIGKILL)
      }
    }
  }

  private let witness: Witness
  let simulator: RunningSimulator

  /// Opens a shop for a workload, in whose requests those faults strike.
  init(_ workload: Workload, clock: FastClock, faults: String) async throws {
    let witness = Witness()
    var options = SimulatorOptions()
    options.seed = Workload.seed
    options.scenario = workload.scenario
    options.clock = .fast(from: clock.start, at: clock.origin, times: clock.factor)
    options.faults = try FaultPlan(parsing: faults)
    options.witness = { witness.see($0) }
    self.witness = witness
    simulator = try await SimulatorServer.start(options)
  }

  /// Counts moments anew, for a worker about to start.
  func beginCounting() {
    witness.contents.withLock { contents in
      contents.count = 0
      contents.fatal = nil
      contents.killedAt = nil
    }
  }

  /// Ends that process at that moment from now.
  func end(_ process: Int32, atMoment moment: Int) {
    witness.contents.withLock { contents in
      if contents.count >= moment {
        kill(process, SIGKILL)
      } else {
        contents.fatal = (moment, process)
      }
    }
  }

  /// The worker is over: its number may be another process's by now.
  func spare() {
    witness.contents.withLock { $0.fatal = nil }
  }

  /// How many moments there were since the counting began, and where a worker was ended.
  var moments: (count: Int, killedAt: String?) { witness.contents.withLock { ($0.count, $0.killedAt) } }

  /// All that came, in order.
  var exchanges: [WitnessedExchange] { witness.contents.withLock(\.exchanges) }

  /// The writes that were concluded, in order.
  var writes: [Sent] {
    exchanges.filter { $0.isWrite && $0.moment == .concluded }.map {
      Sent(operation: $0.operation, arguments: $0.arguments, tookEffect: $0.tookEffect, instant: $0.instant)
    }
  }

  /// Waits until all that a dead worker sent has been taken in: bytes that the kernel holds for the marketplace would
  /// otherwise arrive after the next worker has looked, later by this clock than any request may be.
  func settle() async throws {
    let port = String(simulator.port, radix: 16, uppercase: true)
    let local = "0100007F:" + String(repeating: "0", count: 4 - port.count) + port
    for _ in 0..<2000 {
      let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
      // 0A is the listening socket; 06 a connection that both sides have closed.
      let isOpen = table.split(separator: "\n").contains { line in
        let fields = line.split(separator: " ")
        return fields.count > 3 && fields[1] == local && fields[3] != "0A" && fields[3] != "06"
      }
      if !isOpen { return }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  func close() async { await simulator.stop() }
}
