import AsyncHTTPClient
import Catalogue
import JSON
import Journal
import NIOCore
import NIOHTTP1
import PandaPon
import Playbooks
import Redaction

/// Reads through `each{concurrency = 64}`, beside the HTTP client alone: how much of what it can do is left once requests
/// are signed and answers checked, decoded, kept and handed to a script.
///
/// Against two servers: the simulator, which checks every signature and answers from its world, so that the bare loop has
/// to sign as well; and one that gives a fixed answer to anything, which shows Ebb's own share at its largest.
struct Reads {
  let peers: Peers
  private let concurrency = 64
  private let requests = 3200
  private let rounds = 7

  func measure() async throws -> [Measurement] {
    try await [onSimulator()] + onStaticServer()
  }

  private func onSimulator() async throws -> Measurement {
    let name = "reads of the simulator, of a bare loop that signs"
    guard let ebb = try Peers.ebb() else {
      return Measurement(skipped: name, because: "ebb was not built beside bench")
    }
    let server = try Child(ebb, ["simulate", "--scenario", "demo", "--json", "--port", "0"])
    defer { server.end() }
    let shop = try SimulatedShop(announcement: try server.line())
    let listing = try PlaybookSide(
      shop,
      script: """
        local ids = {}
        for i, row in ipairs(taobao.refunds.list({ pageSize = 50 }).data) do ids[i] = row.refundOrder.refundId end
        return ids
        """)
    let ids = try await listing.run(parameters: [:]).array?.compactMap(\.string) ?? []
    guard !ids.isEmpty else { throw BenchError("the simulator has no refunds") }
    let playbook = try PlaybookSide(shop, script: script(ids: ids))
    let bare = BareSide(concurrency: concurrency) { number in
      shop.signedRequest("/open/order/refund/query?refundId=\(ids[number % ids.count])")
    }
    let figures = try await interleaved(
      rounds: rounds, [{ try await seconds(of: playbook) }, { try await bare.seconds(for: requests) }])
    for side in [listing, playbook] { try await side.shutdown() }
    try await bare.shutdown()
    let rates = rates(figures)
    return Measurement(
      name, ratio(figures[1], to: figures[0]), .atLeast(0.6), note: "\(rates[0]) of \(rates[1])")
  }

  private func onStaticServer() async throws -> [Measurement] {
    let server = try Child(own: ["answer"])
    defer { server.close() }
    let shop = SimulatedShop(baseURL: "http://127.0.0.1:\(try server.line())")
    let playbook = try PlaybookSide(shop, script: script(ids: ["110000235001", "110000235002"]))
    let url = shop.baseURL + "/open/order/refund/query?refundId=110000235001"
    let bare = BareSide(concurrency: concurrency) { _ in HTTPClientRequest(url: url) }
    var sides: [() async throws -> Double] = [
      { try await seconds(of: playbook) }, { try await bare.seconds(for: requests) },
    ]
    let python = try peers.python.map { try Child($0, [peers.path("reads.py"), url, String(concurrency)]) }
    defer { python?.close() }
    if let python { sides.append { try python.ask(String(requests)) } }

    // Of times the larger ratio would be the worse one: turned round, it is a ratio of throughputs.
    let figures = try await interleaved(rounds: rounds, sides)
    try await playbook.shutdown()
    try await bare.shutdown()
    let rates = rates(figures)
    var result = [
      Measurement(
        "reads of a fixed answer, of a bare loop", ratio(figures[1], to: figures[0]), note: "\(rates[0]) of \(rates[1])"
      )
    ]
    let name = "reads of a fixed answer, of Python aiohttp"
    if figures.count > 2 {
      result.append(
        Measurement(name, ratio(figures[2], to: figures[0]), .atLeast(1.3), note: "\(rates[0]) of \(rates[2])"))
    } else {
      result.append(Measurement(skipped: name, because: "no Python with aiohttp"))
    }
    return result
  }

  private func rates(_ figures: [[Double]]) -> [String] {
    figures.map { "\(Int(Double(requests) / median($0)))/s" }
  }

  private func script(ids: [String]) -> String {
    """
    local known = { \(ids.map { "\"\($0)\"" }.joined(separator: ", ")) }
    local ids = {}
    for i = 1, tonumber(params.count) do ids[i] = known[i % #known + 1] end
    local read = 0
    each(ids, { concurrency = \(concurrency) }, function(id)
      local answer = \(Document.operation)(id)
      if answer.refundOrderAggregate.refundOrder.refundId then read = read + 1 end
    end)
    return read
    """
  }

  private func seconds(of playbook: PlaybookSide) async throws -> Double {
    let start = wallSeconds()
    let result = try await playbook.run(parameters: ["count": .string(String(requests))])
    let seconds = wallSeconds() - start
    guard result.integer == Int64(requests) else { throw BenchError("the playbook read \(result.text())") }
    return seconds
  }
}

/// The playbook: its own run for each round, over connections that stay.
private struct PlaybookSide {
  private let transport: HTTPTransport
  private let client: Client
  private let catalogue: Catalogue
  private let script: String

  init(_ shop: SimulatedShop, script: String) throws {
    transport = HTTPTransport(connections: 64)
    client = Client(
      profile: try Profile(name: "bench", baseURL: try BaseURL(parsing: shop.baseURL)),
      credentials: FixedCredentials(
        try Credentials(accessKey: shop.accessKey, secret: SecretBytes(shop.accessSecret.utf8))),
      transport: transport)
    catalogue = try Catalogue.embedded()
    self.script = script
  }

  /// What the script returns.
  func run(parameters: JSONObject) async throws -> JSON {
    let assignment = try RunAssignment(
      id: RunID("bench"),
      version: try PlaybookVersion(of: Array(script.utf8), file: "reads.lua", folder: nil, catalogue: catalogue),
      header: nil, parameters: parameters, profile: "bench")
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: client, writer: client, journal: MemoryJournal())
    let report = try await RunAdvance.start(assignment, in: surroundings).report
    guard let result = report?.result else {
      throw BenchError("the playbook did not end well: \(report?.json.text() ?? "not started")")
    }
    return result
  }

  func shutdown() async throws { try await transport.shutdown() }
}

/// The same client library, and nothing else.
private struct BareSide {
  private let concurrency: Int
  private let request: @Sendable (Int) -> HTTPClientRequest
  private let client: HTTPClient

  init(concurrency: Int, request: @escaping @Sendable (Int) -> HTTPClientRequest) {
    self.concurrency = concurrency
    self.request = request
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  func seconds(for count: Int) async throws -> Double {
    let share = count / concurrency
    let start = wallSeconds()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<concurrency {
        group.addTask {
          for turn in 0..<share {
            let answer = try await client.execute(request(turn * concurrency + task), timeout: .seconds(30))
            guard answer.status == .ok else { throw BenchError("the bare loop was answered \(answer.status)") }
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
