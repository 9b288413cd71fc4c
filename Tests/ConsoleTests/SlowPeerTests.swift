import RawPeer
import Testing

@testable import Console

/// Peers that are slow or say too much, over raw sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SlowPeerTests {
  private let head = "POST /callbacks/hk HTTP/1.1\r\nHost: ebb\r\n"

  @Test func whoSaysNothingIsCutOff() async throws {
    let stage = try await Stage { $0.headerTime = .milliseconds(50) }
    #expect(try await RawPeer(port: stage.listener.port).hearAll() == "")
    #expect(stage.metric(#"ebb_callback_connections_cut_total{reason="slow_headers"}"#) == "1")
    await stage.close()
  }

  @Test func whoTricklesHeadersIsCutOff() async throws {
    let stage = try await Stage { $0.headerTime = .milliseconds(80) }
    let peer = try RawPeer(port: stage.listener.port)
    peer.say(head)
    #expect(await peer.trickle("X: y\r\n", every: 10_000, atMost: 1000) < 1000)
    #expect(stage.metric(#"ebb_callback_connections_cut_total{reason="slow_headers"}"#) == "1")
    await stage.close()
  }

  @Test func whoTricklesABodyIsCutOff() async throws {
    let stage = try await Stage { $0.bodyTime = .milliseconds(80) }
    let peer = try RawPeer(port: stage.listener.port)
    peer.say(head + "Content-Length: 100000\r\n\r\n")
    #expect(await peer.trickle("{", every: 10_000, atMost: 1000) < 1000)
    #expect(stage.metric(#"ebb_callback_connections_cut_total{reason="slow_body"}"#) == "1")
    #expect(stage.sink.events.isEmpty)
    await stage.close()
  }

  @Test func whoAsksNothingMoreIsLetGo() async throws {
    let stage = try await Stage { $0.idleTime = .milliseconds(50) }
    let peer = try RawPeer(port: stage.listener.port)
    peer.say(head + "Content-Length: 0\r\n\r\n")
    #expect(await peer.hearAll()?.hasPrefix("HTTP/1.1 401") == true)
    await stage.close()
  }

  @Test func aBodyThatIsAnnouncedTooLargeIsNotRead() async throws {
    let stage = try await Stage()
    let peer = try RawPeer(port: stage.listener.port)
    peer.say(head + "Content-Length: 1048577\r\n\r\n")
    let answer = try #require(await peer.hearAll())
    #expect(answer.hasPrefix("HTTP/1.1 413"))
    #expect(answer.lowercased().contains("connection: close"))
    #expect(stage.metric(#"ebb_callback_connections_cut_total{reason="too_large"}"#) == "1")
    await stage.close()
  }

  @Test func aBodyThatTurnsOutTooLargeIsReadNoFurther() async throws {
    let stage = try await Stage {
      $0.body = 1000
      $0.lingerTime = .milliseconds(50)
    }
    let peer = try RawPeer(port: stage.listener.port)
    peer.say(head + "Transfer-Encoding: chunked\r\n\r\n")
    let chunk = "1F4\r\n" + String(repeating: "x", count: 500) + "\r\n"
    for _ in 0..<3 { peer.say(chunk) }
    #expect(await peer.hearAll()?.hasPrefix("HTTP/1.1 413") == true)
    await stage.close()
  }

  @Test func manyLargeBodiesDoNotFillTheMemory() async throws {
    let stage = try await Stage { $0.bodies = 1000 }
    let holder = try RawPeer(port: stage.listener.port)
    holder.say(head + "Content-Length: 900\r\n\r\n" + String(repeating: "x", count: 800))
    // The first may not have been read yet when the second is: whichever comes second finds no room.
    let other = try RawPeer(port: stage.listener.port)
    other.say(head + "Content-Length: 801\r\n\r\n" + String(repeating: "y", count: 800))
    try await wait { stage.metric(#"ebb_callback_connections_cut_total{reason="overloaded"}"#) != nil }
    holder.say(String(repeating: "x", count: 100))
    other.say("y")
    let answers = await [holder.hear(), other.hear()].map { String($0?.prefix(12) ?? "") }
    #expect(answers.sorted() == ["HTTP/1.1 401", "HTTP/1.1 503"])
    #expect(try await stage.post(.refund) == 200)
    await stage.close()
  }

  @Test func aBodyOfTheLimitIsRead() async throws {
    let stage = try await Stage()
    let body = Array(repeating: UInt8(ascii: " "), count: 1 << 20)
    #expect(try await stage.post(body, nil).status == 401)
    await stage.close()
  }

  @Test(arguments: ["GARBAGE\r\n\r\n", "POST /callbacks/hk HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{0}\r\n\r\n"])
  func whatIsNoRequestEndsTheConnection(_ text: String) async throws {
    let stage = try await Stage { $0.headerTime = .milliseconds(200) }
    let peer = try RawPeer(port: stage.listener.port)
    peer.say(text)
    let answer = try #require(await peer.hearAll())
    #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
    #expect(try await stage.post(.refund) == 200)
    await stage.close()
  }

  @Test func connectionsBeyondTheLimitWait() async throws {
    let stage = try await Stage {
      $0.connections = 2
      $0.headerTime = .milliseconds(100)
    }
    let idle = try [RawPeer(port: stage.listener.port), RawPeer(port: stage.listener.port)]
    #expect(try await stage.post(.refund) == 200)
    for peer in idle { #expect(await peer.hearAll() == "") }
    await stage.close()
  }

  @Test func stoppingLetsARequestInProgressEnd() async throws {
    let stage = try await Stage { $0.deadline = .seconds(20) }
    stage.sink.set(.hanging)
    async let answer = stage.post(.refund)
    try await wait { stage.metric("ebb_callbacks_in_progress") == "1" }
    async let stopped: Void = stage.listener.stop()
    stage.sink.release()
    #expect(try await answer == 200)
    await stopped
    #expect(stage.sink.events.count == 1)
  }
}
