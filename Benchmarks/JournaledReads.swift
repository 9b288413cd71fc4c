import Catalogue
import JSON
import Journal
import PandaPon
import Playbooks
import Redaction

/// Reads through `each{concurrency = 64}` over HTTP, once with a journal on the disk and once with one in memory.
struct JournaledReads {
  private let concurrency = 64
  private let requests = 3200
  private let rounds = 7

  func measure() async throws -> [Measurement] {
    let server = try Child(own: ["answer"])
    defer { server.close() }
    let port = try server.line()
    let folder = try ScratchFolder()
    let transport = HTTPTransport(connections: concurrency)
    let store = try SQLiteStore(path: folder.file("store.db"))
    let sides: [() async throws -> Double] = [
      { try await seconds(over: transport, port, store) },
      { try await seconds(over: transport, port, MemoryJournal()) },
    ]
    let figures = try await interleaved(rounds: rounds, sides)
    try await transport.shutdown()
    let rates = figures.map { "\(Int(Double(requests) / median($0)))/s" }
    return [
      Measurement(
        "journaled reads, of those not on the disk", ratio(figures[1], to: figures[0]), .atLeast(0.7),
        note: "\(rates[0]) of \(rates[1])")
    ]
  }

  private func seconds(over transport: HTTPTransport, _ port: String, _ journal: any Journal) async throws -> Double {
    let client = Client(
      profile: try Profile(name: "bench", baseURL: try BaseURL(parsing: "http://127.0.0.1:\(port)")),
      credentials: FixedCredentials(
        try Credentials(accessKey: "bench", secret: SecretBytes("a secret of nobody".utf8))),
      transport: transport)
    let catalogue = try Catalogue.embedded()
    let script = """
      local ids = {}
      for i = 1, \(requests) do ids[i] = tostring(110000235000 + i) end
      local read = 0
      each(ids, { concurrency = \(concurrency) }, function(id)
        if \(Document.operation)(id).refundOrderAggregate.refundOrder.refundId then read = read + 1 end
      end)
      return read
      """
    let version = try PlaybookVersion(of: Array(script.utf8), file: "reads.lua", folder: nil, catalogue: catalogue)
    let assignment = try RunAssignment(
      id: RunID("reads-\(UInt64.random(in: 0 ... .max))"), version: version, header: nil, profile: "bench")
    let surroundings = RunSurroundings(catalogue: catalogue, reader: client, writer: client, journal: journal)
    let start = wallSeconds()
    let report = try await RunAdvance.start(assignment, in: surroundings).report
    let seconds = wallSeconds() - start
    guard report?.result?.integer == Int64(requests) else {
      throw BenchError("the playbook read \(report?.json.text() ?? "nothing")")
    }
    return seconds
  }
}
