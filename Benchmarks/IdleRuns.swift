import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// How much memory runs take that wait: each with its own Lua state and the whole language, stopped in a read.
enum IdleRuns {
  static let count = 10_000
  /// How many may be on their way to their read: what ten thousand that start at once need for a moment is no idle run's.
  private static let atOnce = 64

  /// Measured in a process of its own, so that nothing else is in it.
  static func measure() throws -> Measurement {
    let child = try Child(own: ["hold", String(count)])
    defer { child.close() }
    let bytes = try child.line()
    guard let size = Double(bytes) else { throw BenchError("the idle runs answered \(bytes)") }
    return Measurement(
      "resident memory of \(count) idle runs", size / 1e6, unit: "MB", .atMost(400),
      note: "\(Measurement.text(size / Double(count) / 1000)) kB each")
  }

  /// Starts so many runs, some at a time, and once each of them waits prints the bytes of this process.
  static func hold(_ count: Int) async {
    let reader = SilentReader()
    do {
      let catalogue = try Catalogue.embedded()
      let surroundings = RunSurroundings(
        catalogue: catalogue, reader: reader, writer: Nobody(), journal: MemoryJournal())
      let source = Array("local order = \(Document.operation)(\"110000235001\")\nlog.info(order.refundId)".utf8)
      let version = try PlaybookVersion(of: source, file: "idle.lua", folder: nil, catalogue: catalogue)
      for number in 0..<count {
        let assignment = try RunAssignment(
          id: RunID("idle-\(number)"), version: version, header: nil, profile: "bench")
        Task { await wait(for: assignment, in: surroundings) }
        await reader.waits(number + 1 - atOnce)
      }
    } catch {
      print("\(error)")
      exit(1)
    }
    await reader.waits(count)
    print(residentBytes())
    exit(0)
  }

  /// The frame of whoever awaits a run stays as long as the run: it holds nothing else.
  private static func wait(for assignment: RunAssignment, in surroundings: RunSurroundings) async {
    do {
      complain(try await RunAdvance.start(assignment, in: surroundings))
    } catch {
      complain(error)
    }
  }

  @inline(never)
  private static func complain(_ outcome: any Sendable) {
    print("a run did not wait: \(outcome)")
    exit(1)
  }
}
