import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks
import Synchronization

/// How long it takes until something happens.
enum Starts {
  /// From making a run to its script's first line, in one process that has run before.
  static func firstLine() async throws -> Measurement {
    let catalogue = try Catalogue.embedded()
    let reached = Mutex(0.0)
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: Nobody(), writer: Nobody(), journal: MemoryJournal(),
      observer: { event in
        if case .log = event { reached.withLock { $0 = wallSeconds() } }
      })
    var figures: [Double] = []
    for turn in 0..<1000 {
      let start = wallSeconds()
      let assignment = try RunAssignment(
        id: RunID("bench-\(turn)"),
        version: try PlaybookVersion(
          of: Array("log.info(\"here\")".utf8), file: "line.lua", folder: nil, catalogue: catalogue),
        header: nil, profile: "bench")
      let report = try await RunAdvance.start(assignment, in: surroundings).report
      guard report?.status == .succeeded else {
        throw BenchError("the run ended as \(report?.json.text() ?? "nothing")")
      }
      if turn >= 50 { figures.append(reached.withLock { $0 } - start) }
    }
    return Measurement(
      "run start to first line", median(figures) * 1e6, unit: "µs", .atMost(150), note: "of \(figures.count) runs")
  }

  /// From asking the system for the process to its end, next to a program that does nothing.
  static func coldStart() async throws -> Measurement {
    let name = "ebb --version, cold start"
    guard let ebb = try Peers.ebb() else {
      return Measurement(skipped: name, because: "ebb was not built beside bench")
    }
    let figures = try await interleaved(
      rounds: 31, [{ try wall([ebb, "--version"]) }, { try wall(["/bin/true"]) }])
    return Measurement(
      name, median(figures[0]) * 1000, unit: "ms", .atMost(20),
      note: "/bin/true: \(Measurement.text(median(figures[1]) * 1000)) ms")
  }

  /// Wall time of one process, its output thrown away.
  private static func wall(_ words: [String]) throws -> Double {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    var status: Int32 = 0
    let start = wallSeconds()
    guard posix_spawn(&process, words[0], &actions, nil, &arguments, environ) == 0,
      waitpid(process, &status, 0) == process, status == 0
    else { throw BenchError("\(words[0]) cannot be run") }
    return wallSeconds() - start
  }
}
