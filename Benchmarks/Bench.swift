import Foundation

/// Measures what issue and guarantees promise about speed, and says what holds: see docs/benchmarks.md.
///
/// `bench [--peers FOLDER] [--python FILE] [--dbos FILE] [--apscheduler FILE] [NAME…]`: all measurements, or those whose group is named.
/// `bench answer` and `bench hold COUNT` are the children it starts. `bench year` is the proof of the schedules
/// (docs/testing.md).
@main
enum Bench {
  static func main() async throws {
    var arguments = Arguments(CommandLine.arguments.dropFirst())
    switch arguments.names.first {
    case "answer"?: try await StaticServer.serve(Document.body())
    case "year"?: exit(try await YearProof(arguments.options).hold() ? 0 : 1)
    case "hold"?: await IdleRuns.hold(Int(arguments.names.dropFirst().first ?? "") ?? 10_000)
    default: exit(try await measure(&arguments) ? 0 : 1)
    }
  }

  /// Runs the measurements that were asked for; whether all of them keep their thresholds.
  private static func measure(_ arguments: inout Arguments) async throws -> Bool {
    let peers = Peers(
      folder: arguments.peers, python: arguments.python, dbos: arguments.dbos, scheduler: arguments.scheduler)
    let groups: [(name: String, body: () async throws -> [Measurement])] = [
      ("reads", { try await Reads(peers: peers).measure() }),
      ("lua", { try await LuaSpeed(peers: peers).measure() }),
      ("start", { try await [Starts.firstLine(), Starts.coldStart()] }),
      ("idle", { [try IdleRuns.measure()] }),
      ("durable", { try await DurableRuns(peers: peers).measure() + JournaledReads().measure() }),
      ("serve", { try await Serving(peers: peers).measure() }),
      ("flood", { try await Flood().measure() }),
      ("leaks", { [try await Leaks().measure()] }),
    ]
    var holds = true
    for group in groups where arguments.names.isEmpty || arguments.names.contains(group.name) {
      for measurement in try await group.body() {
        print(measurement.line)
        fflush(nil)
        if measurement.isMet == false { holds = false }
      }
    }
    return holds
  }

  /// The command line, in the order it came.
  private struct Arguments {
    var names: [String] = []
    var peers = "Benchmarks/peers"
    var python: String?
    var dbos: String?
    var scheduler: String?
    /// What begins with `--` and is none of these, and what follows it.
    var options: [String: String] = [:]

    init(_ words: some Sequence<String>) {
      var words = words.makeIterator()
      while let word = words.next() {
        switch word {
        case "--peers": peers = words.next() ?? peers
        case "--python": python = words.next()
        case "--dbos": dbos = words.next()
        case "--apscheduler": scheduler = words.next()
        case let option where option.hasPrefix("--"): options[String(option.dropFirst(2))] = words.next()
        default: names.append(word)
        }
      }
    }
  }
}
