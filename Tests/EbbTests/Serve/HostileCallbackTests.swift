import Foundation
import JSON
import RawPeer
import Testing

@testable import ebb

/// What the door of the running service meets in the open: each is refused, none ends the service, none is stored.
@Suite struct HostileCallbackTests {
  private static let phrase = "worth-nothing-to-anybody"

  private let project: Project

  init() throws {
    project = try Project(environment: [
      "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "an-access-key", "EBB_ACCESS_SECRET": Self.phrase,
    ])
    try FileManager.default.createDirectory(
      at: project.folder.appending(path: "scripts"), withIntermediateDirectories: true)
  }

  /// A request, signed as it should be: that is not what is wrong with it.
  private static func request(_ body: String, length: Int? = nil) -> String {
    "POST /callbacks/env HTTP/1.1\r\nHost: ebb\r\nConnection: close\r\nAuthorization: \(SignedCallback(body, secret: phrase).signature)\r\n"
      + "Content-Length: \(length ?? body.utf8.count)\r\n\r\n\(body)"
  }

  @Test func whatIsHostileIsRefusedAndTheServiceStays() async throws {
    let service = try project.start("serve", "--port", "0", "--health-port", "0", "--json")
    try service.wait { service.told.contains("\n") }
    let address = try #require(JSON(parsing: service.told)["callbacks"]?.string.flatMap { URL(string: $0) })
    let port = try #require(address.port)

    // A peer that sends half a header and nothing more is held for as long as a header may take, and stops nobody else.
    let loris = try (0..<64).map { _ in try RawPeer(port: port) }
    for peer in loris { peer.say("POST /callbacks/env HTTP/1.1\r\nHost: e") }

    let deep = String(repeating: "[", count: 100_000)
    for (body, status) in [
      ("not JSON", "400"), ("[]", "400"), ("7", "400"), (#"{"messageType":{},"messageBody":7}"#, "200"),
      (#"{"messageType":"#, "400"), (deep, "400"), (#"{"messageType":"9","messageBody":\#(deep)"#, "400"), ("", "400"),
    ] {
      let peer = try RawPeer(port: port)
      peer.say(Self.request(body))
      let answer = await peer.hearAll() ?? "nothing"
      #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(body.prefix(40)): \(answer.prefix(80))")
    }
    // Ten megabytes: refused by what it announces, before it is sent.
    let large = try RawPeer(port: port)
    large.say(Self.request("", length: 10 << 20))
    #expect(await large.hear()?.hasPrefix("HTTP/1.1 413") == true)

    let whole = try RawPeer(port: port)
    whole.say(Self.request(#"{"messageType":"9","messagePlatform":0,"messageBody":{"refundId":1100}}"#))
    #expect(await whole.hearAll()?.hasPrefix("HTTP/1.1 200") == true)
    // What was signed and JSON is kept, whatever its types.
    #expect(try project.run("events", "list", "--json").json.array?.count == 2)
    for peer in loris { #expect(await peer.hearAll() != nil) }
    service.signal(SIGTERM)
    #expect(try service.end().status == 0)
  }
}
