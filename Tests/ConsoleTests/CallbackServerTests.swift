import JSON
import Testing

@testable import Console

@Suite struct CallbackServerTests {
  @Test func aSignedCallbackIsStoredAndRecognised() async throws {
    let stage = try await Stage()
    #expect(try await stage.post(.refund) == 200)
    #expect(try await stage.post(.price) == 200)
    let events = stage.sink.events
    #expect(events.map(\.kind) == ["taobao.events.refundChanged", "alibaba.events.orderPriceChanged"])
    #expect(events.map(\.platform) == [0, 1])
    #expect(events.allSatisfy { $0.profile == "hk" && $0.received == 1_779_263_270_000 && $0.key.utf8.count == 64 })
    #expect(events.last?.envelope["messageBody"]?["orderId"] == 2_019_601_741_959_504_495)
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="stored"}"#) == "2")
    #expect(stage.metric(#"ebb_callback_signatures_total{profile="hk",base="access-key+body"}"#) == "1")
    #expect(stage.metric(#"ebb_callback_signatures_total{profile="hk",base="body"}"#) == "1")
    #expect(stage.metric(#"ebb_events_stored_total{kind="taobao.events.refundChanged"}"#) == "1")
    #expect(stage.metric("ebb_callbacks_in_progress") == "0")
    await stage.close()
  }

  @Test func eitherHexCaseIsTaken() async throws {
    let stage = try await Stage()
    let sample = SignedSample.refund
    #expect(try await stage.post(Array(sample.body.utf8), sample.signature.uppercased()).status == 200)
    await stage.close()
  }

  @Test func aDuplicateIsAcknowledgedAndStoredOnce() async throws {
    let stage = try await Stage()
    for _ in 0..<6 { #expect(try await stage.post(.refund) == 200) }
    #expect(stage.sink.events.count == 1)
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="duplicate"}"#) == "5")
    #expect(try await stage.post(.refund, to: "/callbacks/sg") == 200)
    #expect(try await stage.post(.refundLater) == 200)
    let events = stage.sink.events
    #expect(events.count == 3)
    #expect(Set(events.map(\.key)).count == 3)
    #expect(events.first?.bodyDigest == events.last?.bodyDigest)
    await stage.close()
  }

  @Test func aBadSignatureIsRefused() async throws {
    let stage = try await Stage()
    let body = Array(SignedSample.refund.body.utf8)
    for signature in [nil, "", "0", SignedSample.price.signature] {
      let answer = try await stage.post(body, signature)
      #expect(answer.status == 401)
      #expect(answer.text == #"{"code":401,"msg":"the signature does not match"}"#)
    }
    #expect(try await stage.post(body + [0x20], SignedSample.refund.signature).status == 401)
    #expect(stage.sink.events.isEmpty)
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="bad_signature"}"#) == "5")
    await stage.close()
  }

  @Test(arguments: [
    "/callbacks/de", "/callbacks/", "/callbacks", "/", "/callbacks/hk/", "/callbacks//hk", "/callbacks/hk/x",
    "/callbacks/%FF", "/healthz", "/metrics",
  ])
  func otherPathsAreUnknown(_ path: String) async throws {
    let stage = try await Stage()
    #expect(try await stage.post(.refund, to: path) == 404)
    #expect(stage.sink.events.isEmpty)
    #expect(!stage.registry.text().contains("de\""))
    await stage.close()
  }

  @Test func onlyPostsAreCallbacks() async throws {
    let stage = try await Stage()
    #expect(try await stage.post([], nil, by: "GET").status == 405)
    #expect(
      try await stage.post(Array(SignedSample.refund.body.utf8), SignedSample.refund.signature, by: "PUT").status == 405
    )
    await stage.close()
  }

  @Test(arguments: [SignedSample.notJSON, .notObject, .nested, .empty])
  func whatIsNoObjectIsRefusedThoughSigned(_ sample: SignedSample) async throws {
    let stage = try await Stage()
    #expect(try await stage.post(sample) == 400)
    #expect(stage.sink.events.isEmpty)
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="unreadable"}"#) == "1")
    await stage.close()
  }

  @Test(arguments: [SignedSample.unknown, .wrongTypes])
  func whatIsNotKnownIsKept(_ sample: SignedSample) async throws {
    let stage = try await Stage()
    #expect(try await stage.post(sample) == 200)
    let event = try #require(stage.sink.events.first)
    #expect(event.kind == nil)
    #expect(try event.envelope == JSON(parsing: sample.body))
    #expect(stage.metric(#"ebb_events_stored_total{kind="unknown"}"#) == "1")
    await stage.close()
  }

  @Test func aSinkThatFailsIsNotAcknowledged() async throws {
    let stage = try await Stage()
    stage.sink.set(.failing)
    #expect(try await stage.post(.refund) == 503)
    stage.sink.set(.well)
    #expect(try await stage.post(.refund) == 200)
    #expect(stage.sink.events.count == 1)
    await stage.close()
  }

  @Test func aSinkThatHangsIsNotWaitedFor() async throws {
    let stage = try await Stage { $0.deadline = .milliseconds(30) }
    stage.sink.set(.hanging)
    #expect(try await stage.post(.refund) == 503)
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="late"}"#) == "1")
    stage.sink.release()
    #expect(try await stage.post(.refund) == 200)
    #expect(stage.sink.events.count == 1)
    await stage.close()
  }

  @Test func aSinkThatHangsDoesNotFillTheMemory() async throws {
    let stage = try await Stage {
      $0.deadline = .milliseconds(10)
      $0.storing = 3
    }
    stage.sink.set(.hanging)
    for _ in 0..<5 { #expect(try await stage.post(.refund) == 503) }
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="late"}"#) == "3")
    #expect(stage.metric(#"ebb_callbacks_total{profile="hk",outcome="overloaded"}"#) == "2")
    #expect(stage.metric("ebb_callbacks_in_progress") == "3")
    await stage.close()
  }

  @Test func logsAndAnswersTellNothingOfTheContent() async throws {
    let stage = try await Stage()
    _ = try await stage.post(.refund)
    _ = try await stage.post(.notJSON)
    stage.sink.set(.failing)
    _ = try await stage.post(.refundLater)
    let told = stage.logs.text + stage.registry.text()
    #expect(told.contains("taobao.events.refundChanged"))
    for secret in ["13800000001", "110000235001", Stage.secret, Stage.accessKey, SignedSample.refund.signature] {
      #expect(!told.contains(secret))
    }
    await stage.close()
  }

  @Test func manyAtOnceAreStoredOnceEach() async throws {
    let stage = try await Stage()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<300 {
        group.addTask { try await stage.post(index % 3 == 0 ? .refund : index % 3 == 1 ? .price : .unknown) }
      }
      for try await status in group { #expect(status == 200) }
    }
    #expect(stage.sink.events.count == 3)
    await stage.close()
  }
}
