import Foundation
import JSON
import Testing

@testable import ebb

/// A callback on its way through the service: verified, stored, handed to the playbook that asks for it.
@Suite struct CallbackServeTests {
  private static let playbook = """
    playbook { ebb = 1, name = "bell", title = "Bell", on = { "taobao.events.refundChanged" } }
    return { kind = event.kind, id = event.body.refundId }
    """
  private static let body =
    #"{"messageType":"9","messagePlatform":0,"timestamp":"1779263269913","#
    + #""messageBody":{"refundId":110000235001234567}}"#

  private let project: Project

  init() throws {
    project = try Project(environment: [
      "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "an-access-key", "EBB_ACCESS_SECRET": Self.phrase,
    ])
    try FileManager.default.createDirectory(
      at: project.folder.appending(path: "scripts"), withIntermediateDirectories: true)
    try project.write(Self.playbook, to: "scripts/bell.lua")
    _ = try project.run("enable", "bell")
    _ = try project.run("promote", "bell")
  }

  private static let phrase = "worth-nothing-to-anybody"

  private func post(_ callback: SignedCallback, to address: String) async throws -> UInt {
    try await callback.post(to: address + "env")
  }

  /// The service and where it is called back.
  private func serve() throws -> (Project.Command, address: String) {
    let service = try project.start("serve", "--port", "0", "--health-port", "0", "--json")
    try service.wait { service.told.contains("\n") }
    let greeting = try JSON(parsing: service.told)
    return (service, try #require(greeting["callbacks"]?.string))
  }

  @Test func aSignedCallbackRunsItsPlaybookOnce() async throws {
    let (service, address) = try serve()
    for _ in 0..<6 {
      #expect(try await post(SignedCallback(Self.body, secret: Self.phrase), to: address) == 200)
    }
    #expect(try await post(SignedCallback(Self.body, signature: String(repeating: "0", count: 64)), to: address) == 401)
    try service.wait { try project.run("runs", "list", "--json").json[0]?["status"] == "succeeded" }
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)

    let runs = try project.run("runs", "list", "--json").json.array ?? []
    #expect(runs.count == 1 && runs.first?["trigger"] == "event")
    let events = try project.run("events", "list", "--json").json.array ?? []
    #expect(events.count == 1 && events.first?["kind"] == "taobao.events.refundChanged")
    let key = try #require(events.first?["event"]?.string)
    let shown = try project.run("events", "show", String(key.prefix(10)), "--json").json
    #expect(shown["envelope"]?["messageBody"]?["refundId"]?.scalarText == "110000235001234567")
    #expect(shown["deliveries"]?[0]?["outcome"] == "ran")
    // A person has it delivered again: another run.
    #expect(try project.run("events", "redeliver", key, "--why", "a test").status == 0)
    let (again, _) = try serve()
    try again.wait { try project.run("runs", "list", "--json").json.array?.count == 2 }
    again.signal(SIGTERM)
    #expect(try again.end().status == 0)
  }

  @Test func whatWasStoredBeforeTheServiceDiedIsDispatchedByTheNext() async throws {
    let (service, address) = try serve()
    #expect(try await post(SignedCallback(Self.body, secret: Self.phrase), to: address) == 200)
    service.signal(SIGKILL)
    _ = try service.end()
    let (next, _) = try serve()
    try next.wait { try project.run("runs", "list", "--json").json[0]?["status"] == "succeeded" }
    next.signal(SIGTERM)
    #expect(try next.end().status == 0)
    #expect(try project.run("runs", "list", "--json").json.array?.count == 1)
  }

  @Test func theVendorsConsoleMayVerifyTheAddressWhileTheWindowIsOpen() async throws {
    let (service, address) = try serve()
    #expect(try await post(SignedCallback("{}", signature: ""), to: address) == 401)
    #expect(try project.run("callbacks", "verify", "--for", "5m").status == 0)
    #expect(try await post(SignedCallback("{}", signature: ""), to: address) == 200)
    #expect(try project.run("callbacks", "verify", "--for", "0s").status == 0)
    #expect(try await post(SignedCallback("{}", signature: ""), to: address) == 401)
    #expect(try project.run("callbacks", "verify", "--for", "2h").status == 2)
    #expect(try project.run("events", "list", "--json").output == "[]\n")
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)
  }
}
