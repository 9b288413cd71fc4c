import AsyncHTTPClient
import Catalogue
import JSON
import Journal
import NIOCore
import NIOHTTP1
import PandaPon
import Playbooks

/// Reads through `each{concurrency = 64}` against a server that costs next to nothing: how much of what the HTTP client
/// can do is left once requests are signed and answers checked, decoded, kept and handed to a script.
struct Reads {
  let peers: Peers
  private let concurrency = 64
  private let requests = 3200
  private let rounds = 7

  func measure() async throws -> [Measurement] {
    let server = try Child(own: ["serve"])
    defer { server.close() }
    let port = try server.line()
    let playbook = try PlaybookSide(port: port, concurrency: concurrency)
    let bare = BareSide(url: "http://127.0.0.1:\(port)/open/order/refund/get/110000235001", concurrency: concurrency)
    var sides: [() async throws -> Double] = [
      { try await playbook.seconds(for: requests) }, { try await bare.seconds(for: requests) },
    ]
    let python = try peers.python.map { try Child($0, [peers.path("reads.py"), bare.url, String(concurrency)]) }
    defer { python?.close() }
    if let python { sides.append { try python.ask(String(requests)) } }

    // Of times the larger ratio would be the worse one: turned round, it is a ratio of throughputs.
    let figures = try await interleaved(rounds: rounds, sides)
    try await playbook.shutdown()
    try await bare.shutdown()
    let rates = figures.map { "\(Int(Double(requests) / median($0)))/s" }
    var result = [
      Measurement(
        "reads, of a bare async-http-client loop", ratio(figures[1], to: figures[0]), .atLeast(0.6),
        note: "\(rates[0]) of \(rates[1])")
    ]
    let name = "reads, of the same loop in Python aiohttp"
    if figures.count > 2 {
      result.append(
        Measurement(name, ratio(figures[2], to: figures[0]), .atLeast(1.3), note: "\(rates[0]) of \(rates[2])"))
    } else {
      result.append(Measurement(skipped: name, because: "no Python with aiohttp"))
    }
    return result
  }
}

/// The playbook: its own run for each round, over connections that stay.
private struct PlaybookSide {
  private let transport: HTTPTransport
  private let client: Client
  private let catalogue: Catalogue
  private let script: String

  init(port: String, concurrency: Int) throws {
    transport = HTTPTransport(connections: concurrency)
    client = Client(
      profile: try Profile(name: "bench", baseURL: try BaseURL(parsing: "http://127.0.0.1:\(port)")),
      credentials: FixedCredentials(
        try Credentials(accessKey: "bench", secret: SecretBytes("a secret of nobody".utf8))),
      transport: transport)
    catalogue = try Catalogue.embedded()
    script = """
      local ids = {}
      for i = 1, tonumber(params.count) do ids[i] = tostring(110000235000 + i) end
      local read = 0
      each(ids, { concurrency = \(concurrency) }, function(id)
        local answer = \(Document.operation)(id)
        if answer.refundOrderAggregate.refundOrder.refundId then read = read + 1 end
      end)
      return read
      """
  }

  func seconds(for count: Int) async throws -> Double {
    let assignment = try RunAssignment(
      id: RunID("bench"),
      version: try PlaybookVersion(of: Array(script.utf8), file: "reads.lua", folder: nil, catalogue: catalogue),
      header: nil,
      parameters: ["count": .string(String(count))], profile: "bench")
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: client, writer: client, journal: MemoryJournal())
    let start = wallSeconds()
    let report = try await RunAdvance.start(assignment, in: surroundings).report
    let seconds = wallSeconds() - start
    guard report?.result?.integer == Int64(count) else {
      throw BenchError("the playbook read \(report?.json.text() ?? "nothing")")
    }
    return seconds
  }

  func shutdown() async throws { try await transport.shutdown() }
}

/// The same client library, and nothing else.
private struct BareSide {
  let url: String
  let concurrency: Int
  private let client: HTTPClient

  init(url: String, concurrency: Int) {
    self.url = url
    self.concurrency = concurrency
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  func seconds(for count: Int) async throws -> Double {
    let share = count / concurrency
    let start = wallSeconds()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<concurrency {
        group.addTask {
          for _ in 0..<share {
            let answer = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
            _ = try await answer.body.collect(upTo: 1 << 20)
          }
        }
      }
      try await group.waitForAll()
    }
    return wallSeconds() - start
  }

  func shutdown() async throws { try await client.shutdown() }
}
