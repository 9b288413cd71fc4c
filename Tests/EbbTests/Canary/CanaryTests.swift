import AsyncHTTPClient
import Crypto
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import ebb

/// Secrets are planted in a vault, the whole program is used, and every byte that it left anywhere is searched for them
/// (guarantees.md G17, G18).
@Suite struct CanaryTests {
  /// Twelve bytes in a row of it stand nowhere else.
  private static func canary() -> String {
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789+/-_")
    return String((0..<40).map { _ in letters[Int.random(in: letters.indices)] })
  }

  @Test func whatIsSoughtWouldBeFound() {
    let secret = Self.canary()
    let search = CanarySearch(CanaryForms(of: secret))
    #expect(CanaryForms.encodings.count >= 40)
    let noise = (0..<5000).map { _ in UInt8.random(in: 0...255) }
    #expect(search.found(in: noise) == nil)
    for encoding in CanaryForms.encodings {
      // The whole, and a piece from the middle.
      for bytes in [Array(secret.utf8), Array(secret.utf8.dropFirst(9).prefix(CanaryForms.piece))] {
        #expect(search.found(in: noise + encoding.encode(bytes) + noise) != nil, "\(encoding.name)")
      }
    }
  }

  private static let playbooks = [
    "scripts/works.lua": """
    playbook { ebb = 1, name = "works", title = "Works", guards = { writes = { "taobao.refunds.cancel" } } }
    local rows = require "ebb.pages"(taobao.refunds.list, { refundStatus = 10 })
    log.debug("the first", rows[1])
    local refund = require "ebb.aftersales".refund(rows[1])
    act(refund, "a test", taobao.refunds.cancel, { refundId = refund.id })
    return rows[1]
    """,
    "scripts/fails.lua": """
    playbook { ebb = 1, name = "fails", title = "Fails" }
    taobao.refunds.list { pageSize = 2 }
    for _, name in ipairs { "_G", "_ENV", "ebb", "taobao" } do log.debug(name, rawget(_G, name)) end
    error { seen = taobao.refunds.get { refundId = "1" } }
    """,
    "scripts/broken.lua": "playbook { ebb = 1, name = \"broken\",",
    "scripts/bell.lua": """
    playbook { ebb = 1, name = "bell", title = "Bell", on = { "taobao.events.refundChanged" } }
    log.debug("rung", event) return event.kind
    """,
    "scripts/tick.lua": """
    playbook { ebb = 1, name = "tick", title = "Tick", schedule = { every = "1s" } }
    return #taobao.refunds.list { pageSize = 3 }
    """,
  ]

  @Test func noByteThatLeavesTheProgramHasASecret() async throws {
    let simulator = try SimulatorProcess(["--seed", "5", "--scenario", "demo"])
    let address = simulator.announcement["base_url"]?.string ?? ""
    let secrets = (current: Self.canary(), pending: Self.canary())
    try await Self.set(secrets.current, at: address)
    let shop = try VaultProject(environment: ["TMPDIR": "tmp", "SWIFT_BACKTRACE": "enable=no"])
    for folder in ["scripts", "tmp"] {
      try FileManager.default.createDirectory(
        at: shop.project.folder.appending(path: folder), withIntermediateDirectories: true)
    }
    for (name, text) in Self.playbooks { try shop.project.write(text, to: name) }
    let key = simulator.announcement["access_key"]?.string ?? ""
    #expect(try shop.add("shop", secret: secrets.current, baseURL: address, accessKey: key).status == 0)
    #expect(try shop.add("nowhere", secret: secrets.current, baseURL: "http://127.0.0.1:9", accessKey: key).status == 0)
    #expect(try shop.add("wrong", secret: secrets.pending, baseURL: address, accessKey: key).status == 0)
    #expect(try shop.run("profiles", "secret", "shop", "--pending", input: secrets.pending).status == 0)

    try useCommands(of: shop)
    try await serve(shop, simulator, secrets)

    var bytes = try shop.everything()
    let home = FileManager.default.enumerator(at: shop.home, includingPropertiesForKeys: nil)
    while let file = home?.nextObject() as? URL { bytes += Array((try? Data(contentsOf: file)) ?? Data()) }
    #expect(bytes.count > 100_000, "all that was written is looked at")
    for secret in [secrets.current, secrets.pending] {
      #expect(CanarySearch(CanaryForms(of: secret)).found(in: bytes) == nil)
    }
  }

  /// Each command that opens a secret, where it works and where it fails.
  private func useCommands(of shop: VaultProject) throws {
    for profile in ["shop", "nowhere", "wrong"] {
      let isWell = profile == "shop"
      #expect((try shop.run("profiles", "test", profile).status == 0) == isWell)
      _ = try shop.run("profiles", "test", profile, "--json")
      let call = try shop.run("call", "taobao.refunds.list", "pageSize=2", "--profile", profile)
      #expect((call.status == 0) == isWell, "\(profile): \(call.errors)")
      for arguments in [["run", "--json"], ["run", "--log-level", "debug", "--details"], ["plan"]] {
        _ = try shop.project.run(arguments + ["scripts/works.lua", "--profile", profile]).keep(in: shop)
        _ = try shop.project.run(arguments + ["scripts/fails.lua", "--profile", profile]).keep(in: shop)
      }
      _ = try shop.run("profiles", "show", profile, "--json")
    }
    _ = try shop.run("run", "scripts/broken.lua", "--profile", "shop")
    let runs = try shop.run("runs", "list", "--json").json.array ?? []
    #expect(runs.count >= 6)
    for run in runs.compactMap({ $0["run"]?.string }) {
      _ = try shop.run("runs", "show", run, "--json")
      _ = try shop.run("runs", "replay", run)
    }
    let first = try #require(runs.last?["run"]?.string)
    #expect(try shop.run("runs", "bundle", first, "--output", "bundle.json").status == 0)
    for arguments in [
      ["profiles", "list"], ["profiles", "show", "shop"], ["config", "show"], ["config", "show", "--json"],
      ["vault", "status"], ["vault", "verify"], ["vault", "audit"], ["vault", "audit", "--json"], ["doctor"],
      ["doctor", "--json"], ["store", "check"], ["vault", "rotate"], ["vault", "rekey"],
      ["profiles", "rename", "wrong", "other"], ["profiles", "remove", "other"], ["profiles", "remove", "shop", "x"],
    ] {
      _ = try shop.project.run(arguments).keep(in: shop)
    }
  }

  /// The service with callbacks and a schedule, its pages, its memory at rest, and its end by a fault.
  private func serve(
    _ shop: VaultProject, _ simulator: SimulatorProcess, _ secrets: (current: String, pending: String)
  ) async throws {
    for name in ["bell", "tick", "works"] {
      #expect(try shop.run("enable", name, "--profile", "shop").status == 0)
      #expect(try shop.run("promote", name, "--profile", "shop").status == 0)
    }
    let service = try shop.project.start("serve", "--port", "0", "--health-port", "0", "--json")
    try service.wait { service.told.contains("\n") }
    let greeting = try JSON(parsing: service.told)
    let door = (greeting["callbacks"]?.string ?? "") + "shop"
    let body = #"{"messageType":"9","messagePlatform":0,"messageBody":{"refundId":110000235001234567}}"#
    for phrase in [secrets.current, secrets.pending, "wrong"] {
      let code = HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: SymmetricKey(data: Data(phrase.utf8)))
        .map { String(format: "%02x", $0) }.joined()
      #expect(try await Self.post(body, ["Authorization": code], to: door) == (phrase == "wrong" ? 401 : 200))
    }
    // The vendor resets the secret while the service runs: the pending one takes its place.
    try await Self.set(secrets.pending, at: simulator.announcement["base_url"]?.string ?? "")
    try service.wait {
      try shop.run("profiles", "show", "shop", "--json").json["secrets"]?.array?.contains { $0["stage"] == "PREVIOUS" }
        == true
    }
    for page in ["healthz", "readyz", "metrics"] {
      let address = (greeting["health"]?.string ?? "").replacing("healthz", with: page)
      let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(10))
      shop.keep(String(buffer: try await answer.body.collect(upTo: 1 << 20)))
    }
    if let memory = ProcessMemory(of: service.number) {
      let searches = [secrets.current, secrets.pending].map { CanarySearch(CanaryForms(of: $0)) }
      #expect(memory.regions.map(\.count).reduce(0, +) > 1 << 20, "it is the memory of a process")
      for search in searches {
        for region in memory.regions {
          let form = search.found(in: region)
          #expect(form == nil, "in memory: \(form ?? "")")
        }
      }
    }
    service.signal(SIGABRT)
    shop.keep(try service.end().errors)
    shop.keep(service.told)
    let again = try shop.project.start("serve", "--port", "0", "--health-port", "0", "--json", "--log-format", "json")
    try again.wait { again.told.contains("\n") }
    again.signal(SIGTERM)
    let result = try again.end()
    #expect(result.status == 0)
    shop.keep(result.output + result.errors)
  }

  private static func set(_ secret: String, at address: String) async throws {
    let body = JSON.object(["access_secret": .string(secret)]).text()
    #expect(try await post(body, [:], to: address + "/simulator/secret") == 200)
  }

  private static func post(_ body: String, _ headers: [String: String], to address: String) async throws -> UInt {
    var request = HTTPClientRequest(url: address)
    request.method = .POST
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    request.body = .bytes(ByteBuffer(string: body))
    return try await HTTPClient.shared.execute(request, timeout: .seconds(10)).status.code
  }
}

extension Binary.Result {
  /// Keeps what was printed with all else of the shop.
  fileprivate func keep(in shop: VaultProject) -> Self {
    shop.keep(output + errors)
    return self
  }
}
