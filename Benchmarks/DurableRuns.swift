import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks
import Redaction
import Synchronization

/// Runs on a store in SQLite, each commit on the disk: what durability costs, and how it grows.
struct DurableRuns {
  let peers: Peers
  private let concurrency = 256
  private let rounds = 5
  private let runs = 3000

  func measure() async throws -> [Measurement] {
    var result = try await throughput()
    result.append(try await oneStep())
    result += try await Growth().measure()
    return result
  }

  // MARK: Three-step runs

  /// Three reads of 1.5 kB, answered within the process.
  private static let script = """
    local read = 0
    for i = 1, 3 do
      if \(Document.operation)(tostring(110000235000 + i)).refundOrderAggregate then read = read + 1 end
    end
    return read
    """

  private func throughput() async throws -> [Measurement] {
    let folder = try ScratchFolder()
    let store = try SQLiteStore(path: folder.file("store.db"))
    let side = try DurableSide(store, script: Self.script, answer: ShortAnswer.body(bytes: 1500))
    var sides: [() async throws -> Double] = [
      { try await side.seconds(for: runs, at: concurrency, expecting: 3) }
    ]
    let python = try peers.dbos.map { try Child($0, [peers.path("durable.py"), folder.path, String(concurrency)]) }
    defer { python?.close() }
    // So slow beside the other that a few are enough.
    let few = 300
    if let python { sides.append { try python.ask(String(few)) / Double(few) * Double(runs) } }
    let figures = try await interleaved(rounds: rounds, sides)
    let rates = figures.map { Double(runs) / median($0) }
    var result = [
      Measurement("three-step durable runs, \(concurrency) at once", rates[0], unit: "/s", .atLeast(3000))
    ]
    let name = "three-step durable runs, of DBOS on SQLite"
    if figures.count > 1 {
      result.append(
        Measurement(
          name, ratio(figures[1], to: figures[0]), .atLeast(25), note: "\(Int(rates[0]))/s of \(Int(rates[1]))/s"))
    } else {
      result.append(Measurement(skipped: name, because: "no Python with dbos"))
    }
    return result
  }

  // MARK: One step

  /// From a request's arrival at the transport to that of the next: the answer, its commit, and the script in between.
  private func oneStep() async throws -> Measurement {
    let folder = try ScratchFolder()
    let store = try SQLiteStore(path: folder.file("store.db"))
    let side = try DurableSide(
      store, script: "for i = 1, 2000 do \(Document.operation)(tostring(110000235000 + i)) end return 2000",
      answer: ShortAnswer.body(bytes: 1500))
    _ = try await side.seconds(for: 1, at: 1, expecting: 2000)
    let arrivals = side.transport.takeArrivals()
    let steps = zip(arrivals.dropFirst(), arrivals).map { $0 - $1 }
    return Measurement(
      "one step, request to resume, p50", median(Array(steps.dropFirst(200))) * 1000, unit: "ms", .atMost(0.5),
      note: "of \(steps.count - 200)")
  }
}

/// Runs of one script over one store, their reads answered in the process.
final class DurableSide: Sendable {
  let transport: AnsweringTransport
  private let surroundings: RunSurroundings
  private let version: PlaybookVersion
  private let name = UUID().uuidString
  private let round = Mutex(0)

  init(_ journal: any Journal, script: String, answer: [UInt8]) throws {
    transport = AnsweringTransport(answer)
    let client = Client(
      profile: try Profile(name: "bench", baseURL: try BaseURL(parsing: "http://127.0.0.1:9")),
      credentials: FixedCredentials(
        try Credentials(accessKey: "bench", secret: SecretBytes("a secret of nobody".utf8))),
      transport: transport)
    let catalogue = try Catalogue.embedded()
    surroundings = RunSurroundings(catalogue: catalogue, reader: client, writer: client, journal: journal)
    version = try PlaybookVersion(of: Array(script.utf8), file: "durable.lua", folder: nil, catalogue: catalogue)
  }

  /// Starts so many runs, so many at once, and waits for all of them.
  func seconds(for count: Int, at concurrency: Int, expecting result: Int64) async throws -> Double {
    let turn = round.withLock { round in
      round += 1
      return round
    }
    let tickets = Tickets(count)
    let start = wallSeconds()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<concurrency {
        group.addTask {
          while let number = tickets.next() {
            let report = try await self.run("\(self.name)-\(turn)-\(number)")
            guard report?.result?.integer == result else {
              throw BenchError("a run ended as \(report?.json.text() ?? "nothing")")
            }
          }
        }
      }
      try await group.waitForAll()
    }
    return wallSeconds() - start
  }

  private func run(_ id: String) async throws -> RunReport? {
    let assignment = try RunAssignment(id: RunID(id), version: version, header: nil, profile: "bench")
    return try await RunAdvance.start(assignment, in: surroundings).report
  }

  func start(_ id: RunID) async throws -> RunReport? {
    try await run(id.text)
  }

  func resume(_ id: RunID) async throws -> RunReport? {
    try await RunAdvance.resume(id, in: surroundings).report
  }
}

/// Numbers from 0, each given out once.
private final class Tickets: Sendable {
  private let given = Mutex(0)
  private let count: Int

  init(_ count: Int) { self.count = count }

  func next() -> Int? {
    given.withLock { given in
      guard given < count else { return nil }
      defer { given += 1 }
      return given
    }
  }
}

/// Answers every request at once with the same bytes, and notes when each came.
final class AnsweringTransport: Transport {
  private let body: [UInt8]
  private let arrivals = Mutex<[Double]>([])

  init(_ body: [UInt8]) { self.body = body }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    arrivals.withLock { if $0.count < 10_000 { $0.append(wallSeconds()) } }
    return WireResponse(status: 200, headers: [(name: "content-type", value: "application/json")], body: body)
  }

  func takeArrivals() -> [Double] {
    arrivals.withLock { arrivals in
      defer { arrivals = [] }
      return arrivals
    }
  }
}

/// An answer to the benches' read, of about so many bytes.
enum ShortAnswer {
  static func body(bytes: Int) -> [UInt8] {
    func envelope(_ padding: Int) -> [UInt8] {
      let data: JSON = [
        "refundOrderAggregate": ["refundOrder": ["refundId": "110000235001"]],
        "note": .string(String(repeating: "x", count: padding)),
      ]
      let document: JSON = ["code": 200, "data": data, "msg": "成功", "requestId": "5b950f5f7b064dc889c1a878b5c16234"]
      return document.bytes(.compact)
    }
    return envelope(max(0, bytes - envelope(0).count))
  }
}

/// A folder on the disk of the build, gone when nobody needs it: where `/tmp` is memory, a commit there costs nothing.
final class ScratchFolder {
  let path: String

  init() throws {
    let folder = URL(filePath: FileManager.default.currentDirectoryPath).appending(
      path: ".build/bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}
