import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import Console

@Suite struct MetricsTests {
  @Test func theTextIsThatOfPrometheus() {
    let registry = MetricsRegistry()
    let runs = registry.counter("ebb_runs_total", "Runs.\nBy \\ outcome.", labels: ["outcome"])
    runs.add(1, "failed")
    runs.add(2, "a \"b\"\\\n")
    runs.add(-1, "failed")
    registry.gauge("ebb_queue", "Queue.").set(2.5)
    let seconds = registry.histogram("ebb_seconds", "Time.", bounds: [0.5, 0.1])
    for value in [0.05, 0.1, 0.2, 7, .infinity] { seconds.observe(value) }
    #expect(
      registry.text() == #"""
        # HELP ebb_runs_total Runs.\nBy \\ outcome.
        # TYPE ebb_runs_total counter
        ebb_runs_total{outcome="a \"b\"\\\n"} 2
        ebb_runs_total{outcome="failed"} 1
        # HELP ebb_queue Queue.
        # TYPE ebb_queue gauge
        ebb_queue 2.5
        # HELP ebb_seconds Time.
        # TYPE ebb_seconds histogram
        ebb_seconds_bucket{le="0.1"} 2
        ebb_seconds_bucket{le="0.5"} 3
        ebb_seconds_bucket{le="+Inf"} 4
        ebb_seconds_sum 7.35
        ebb_seconds_count 4

        """#)
  }

  @Test func seriesAreBounded() {
    let registry = MetricsRegistry()
    let counter = registry.counter("c_total", "C.", labels: ["a", "b"])
    for index in 0..<2000 { counter.add(1, "\(index)", "x") }
    let lines = registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == MetricFamily.maximumSeries + 1)
    #expect(lines.contains("c_total{a=\"other\",b=\"other\"} \(2000 - MetricFamily.maximumSeries)"))
  }

  @Test func twoMakersShareAMetric() {
    let registry = MetricsRegistry()
    registry.counter("c_total", "C.").add()
    registry.counter("c_total", "C.").add()
    #expect(registry.text().hasSuffix("c_total 2\n"))
  }

  @Test func healthAnswersOnItsOwnListener() async throws {
    let registry = MetricsRegistry()
    registry.gauge("ebb_queue", "Queue.").set(1)
    let problem = Mutex<String?>("the store is not open")
    let listener = try await HealthServer.start(
      registry: registry, readiness: { problem.withLock { $0 } }, logger: Logger(label: "t") { _ in LogLines() })
    func get(_ path: String, _ method: String = "GET") async throws -> (Int, String) {
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(listener.port)\(path)")
      request.method = .init(rawValue: method)
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
      return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 16)))
    }
    #expect(try await get("/healthz") == (200, #"{"code":200,"msg":"alive"}"#))
    #expect(try await get("/readyz") == (503, #"{"code":503,"msg":"the store is not open"}"#))
    problem.withLock { $0 = nil }
    #expect(try await get("/readyz").0 == 200)
    #expect(try await get("/metrics").1.contains("ebb_queue 1\n"))
    #expect(try await get("/callbacks/hk").0 == 404)
    #expect(try await get("/metrics", "POST").0 == 405)
    await listener.stop()
  }

  @Test func aPortThatIsTakenIsSaid() async throws {
    let stage = try await Stage()
    let error = await #expect(throws: ListenError.self) {
      try await HealthServer.start(
        port: stage.listener.port, registry: MetricsRegistry(), readiness: { nil },
        logger: Logger(label: "t") { _ in LogLines() })
    }
    #expect(error?.description.contains("127.0.0.1:\(stage.listener.port)") == true)
    await stage.close()
  }
}
