import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// How much memory runs take that wait: each with its own Lua state and the whole language, stopped in a read.
enum IdleRuns {
  static let count = 10_000

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

  /// Starts so many runs, and once each of them waits prints the bytes of this process.
  static func hold(_ count: Int) async {
    let reader = SilentReader(count)
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
      }
    } catch {
      print("\(error)")
      exit(1)
    }
    await reader.allWait()
    print(residentBytes())
    exit(0)
  }

  /// The frame of whoever awaits a run stays as long as the run: it holds nothing else.
  private static func wait(for assignment: RunAssignment, in surroundings: RunSurroundings) async {
    do {
      let advance = try await RunAdvance.start(assignment, in: surroundings)
      print("a run did not wait: \(advance.report?.json.text() ?? "not started")")
    } catch {
      print("a run did not wait: \(error)")
    }
    exit(1)
  }
}
