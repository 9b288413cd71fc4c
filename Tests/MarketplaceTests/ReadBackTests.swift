import Catalogue
import JSON
import Testing

@testable import Marketplace

/// What the catalogue says of a write's answer and read-back, against a world in which the write did take effect, and
/// one in which the connection broke before it could.
@Suite struct ReadBackTests {
  static let writes = OperationTests.operations.filter { $0.effect == .write }

  @Test(arguments: [true, false]) func aWriteIsFoundDoneWhenItWas(_ takesEffect: Bool) async throws {
    for operation in ReadBackTests.writes {
      var options = SimulatorOptions()
      options.clock = .fixed(TimeTests.start)
      if !takesEffect { options.faults = try FaultPlan(parsing: "reset-before@\(operation.id):1") }
      try await Harness.with(.memory, options) { client in
        let call = try await client.marketplace.withWorld { try $0.validCall(operation.id) }
        await client.marketplace.advance(by: Span.minute)
        let intended = await client.marketplace.now
        await client.marketplace.advance(by: Span.second)
        let arguments = try operation.arguments(from: call.script(of: operation))
        var data: JSON?
        if takesEffect {
          let answer = try await call.request(operation, client)
          #expect(answer.code == 200, "\(operation.id): \(answer.body)")
          data = answer.data
          if case .rejected(let reason) = operation.judge(answer.data, of: arguments) {
            Issue.record("\(operation.id): judged as rejected, \(reason)")
          }
        } else {
          await #expect(throws: Broken.self) { _ = try await call.request(operation, client) }
        }
        let requests = operation.readBacks(of: arguments, answer: data, intended: intended)
        guard !requests.isEmpty else { return }
        await client.marketplace.advance(by: 40 * Span.second)
        var answers: [JSON] = []
        for request in requests {
          let read = try #require(OperationTests.operations.first { $0.id == request.operation })
          let sent = try read.arguments(from: request.arguments)
          let call = ValidCall(
            path: sent.path, query: Dictionary(sent.query.map { ($0.name, JSON.string($0.value)) }) { $1 },
            body: sent.body)
          answers.append(try await call.request(read, client).data)
        }
        let verdict = operation.judgeReadBack(of: arguments, answers: answers, answer: data, intended: intended)
        #expect((verdict == .done) == takesEffect, "\(operation.id): \(verdict)")
      }
    }
  }
}
