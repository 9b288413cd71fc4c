import Foundation
import JSON
import Testing

@testable import ebb

/// A callback that is lost, the backfill that notices, and the callback that comes after all.
@Suite struct BackfillServeTests {
  private static let bell = """
    playbook { ebb = 1, name = "bell", title = "Bell", on = { "taobao.events.refundChanged" } }
    local answer = taobao.refunds.get { refundId = event.body.refundId }
    return { id = tostring(event.body.refundId), raised_by = event.raised_by,
      status = answer.refundOrderAggregate.refundOrder.refundStatus }
    """
  private static let playbook = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/backfill_missed_messages.lua")

  private let port: Int
  private let simulator: SimulatorProcess
  private let project: Project

  init() throws {
    port = try Self.freePort()
    simulator = try SimulatorProcess([
      "--seed", "7", "--callback", "http://127.0.0.1:\(port)/callbacks/env", "--faults",
      "drop-callback@taobao.events.refundChanged:1",
    ])
    project = try Project(environment: simulator.environment)
    try FileManager.default.createDirectory(
      at: project.folder.appending(path: "scripts"), withIntermediateDirectories: true)
    try project.write(Self.bell, to: "scripts/bell.lua")
    try project.write(
      try String(contentsOf: Self.playbook, encoding: .utf8), to: "scripts/backfill_missed_messages.lua")
    _ = try project.run("enable", "bell")
    _ = try project.run("promote", "bell")
  }

  /// A port that nobody listens at: the simulator has to know the service's before the service knows the simulator.
  private static func freePort() throws -> Int {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    try #require(isBound)
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private func backfill() throws -> JSON {
    try project.run("run", "scripts/backfill_missed_messages.lua", "--param", "grace=0s", "--json").json
  }

  /// What was decided about those refunds. The marketplace lives in this machine's time: whatever else happens in it
  /// meanwhile is told as well.
  private static func reasons(_ report: JSON, about refunds: [String]) -> [String: String] {
    let decisions = (report["decisions"]?.array ?? []).filter { refunds.contains($0["subject"]?.string ?? "") }
    return Dictionary(
      decisions.map { ($0["subject"]?.string ?? "", $0["reason"]?.string ?? "") }, uniquingKeysWith: { "\($0), \($1)" })
  }

  /// What the bell's runs about those refunds returned, by the order in which they were started.
  private func rings(about refunds: [String]) throws -> [JSON] {
    let runs = try project.run("runs", "list", "--playbook", "bell", "--json").json.array ?? []
    let results = try runs.reversed().map { run in
      try project.run("runs", "show", run["run"]?.string ?? run["id"]?.string ?? "", "--json").json["result"] ?? .null
    }
    return results.filter { refunds.contains($0["id"]?.string ?? "") }
  }

  private func call(back body: String) async throws -> UInt {
    try await SignedCallback(body, secret: simulator.environment["EBB_ACCESS_SECRET"] ?? "")
      .post(to: "http://127.0.0.1:\(port)/callbacks/env")
  }

  @Test func aLostCallbackIsMadeUpForOnceAndTheLateOneAddsNothing() async throws {
    let service = try project.start("serve", "--port", "\(port)", "--health-port", "0", "--json")
    try service.wait { service.told.contains("\n") }
    #expect(try backfill()["status"] == "succeeded")

    // Two refunds that wait for their seller are cancelled by somebody; of the first no callback comes.
    let listed = try project.run(
      "call", "taobao.refunds.list", "refundStatus=10", "pageSize=50", "--json"
    ).json
    let rows = listed["data"]?["data"]?.array ?? listed["data"]?.array ?? []
    let refunds = rows.compactMap { $0["refundOrder"]?["refundId"]?.scalarText }
    let (lost, told) = (try #require(refunds.first), try #require(refunds.dropFirst().first))
    let sent = Int64(Date().timeIntervalSince1970 * 1000)
    for refund in [lost, told] {
      #expect(try project.run("call", "taobao.refunds.cancel", "refundId=\(refund)", "--yes").status == 0)
    }
    try service.wait { try rings(about: [lost, told]).count == 1 }
    #expect(try rings(about: [lost, told]).map { $0["id"]?.string } == [told])

    let report = try backfill()
    #expect(report["status"] == "succeeded", "\(report)")
    #expect(
      Self.reasons(report, about: [lost, told]) == [
        lost: "no callback told it: its event is raised", told: "a callback told it",
      ])
    try service.wait { try rings(about: [lost, told]).count == 2 }
    let ring = try rings(about: [lost, told]).last
    #expect(
      ring?["id"] == .string(lost) && ring?["status"] == "-20" && ring?["raised_by"]?.string?.hasPrefix("run-") == true)
    #expect(Self.reasons(try backfill(), about: [lost, told]).isEmpty)

    // The callback comes after all: it becomes part of the run that was told already.
    let late =
      #"{"messageType":"9","messagePlatform":0,"timestamp":"\#(sent)","#
      + #""messageBody":{"refundId":"\#(lost)","refundStatus":"-20"}}"#
    #expect(try await call(back: late) == 200)
    try service.wait {
      let events = try project.run("events", "list", "--about", lost, "--json").json.array ?? []
      return events.count == 2 && events.allSatisfy { $0["dispatched"]?.string != nil }
    }
    let events = try project.run("events", "list", "--about", lost, "--json").json.array ?? []
    #expect(events[0]["repeat_of"] == events[1]["event"] && events[1]["raised_by"]?.string != nil)
    let shown = try project.run("events", "show", try #require(events[0]["event"]?.string), "--json").json
    #expect(shown["deliveries"]?[0]?["outcome"] == "coalesced")
    #expect(try rings(about: [lost, told]).count == 2)
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)
    #expect(try project.run("store", "check").status == 0)
  }
}
