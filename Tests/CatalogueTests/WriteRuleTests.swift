import JSON
import Testing

@testable import Catalogue

/// The rules of the thirty writes of the embedded catalogue.
struct WriteRuleTests {
  @Test func thirtyWritesAreThere() {
    #expect(writes.count == 30)
  }

  @Test(arguments: writes)
  func writeIsClassified(_ operation: Operation) throws {
    #expect(operation.writeKind != nil)
    let outcome = try #require(operation.outcome)
    #expect(operation.plan != nil)
    if operation.writeKind == .keyed { #expect(operation.key != nil) }
    if operation.writeKind == .appends { #expect(outcome.repeat == .once) }
  }

  @Test(arguments: writes)
  func rulesLeadSomewhere(_ operation: Operation) {
    for claim in operation.claims {
      let place = claim.each.map { JSONPointer(tokens: $0.tokens + ["*"] + claim.id.tokens) } ?? claim.id
      #expect(operation.argumentSchema(at: place) != nil, "claim \(claim.kind) at \(place)")
    }
    let reads = [
      operation.before?.read, operation.outcome?.read, operation.outcome?.fallbackRead, operation.key?.read,
    ]
    for read in reads.compactMap({ $0 }) {
      let target = embedded[read.operation]
      #expect(target?.effect == .read, "\(read.operation)")
      for name in read.arguments.keys { #expect(target?.fields.contains { $0.name == name } == true, "\(name)") }
    }
    let watched = operation.before?.fields ?? []
    let schema = operation.before?.read.flatMap { embedded[$0.operation]?.answer }
    for field in watched { #expect(schema?.schema(at: field) != nil, "before field \(field)") }
    for case .holds(let conditions) in [operation.outcome?.done, operation.outcome?.notDone].compactMap({ $0 })
    where operation.outcome?.find == nil {
      let answer = operation.outcome?.read.flatMap { embedded[$0.operation]?.answer }
      for condition in conditions { #expect(answer?.schema(at: condition.pointer) != nil, "\(condition.pointer)") }
    }
    for condition in operation.outcome?.success ?? [] {
      #expect(operation.answer.schema(at: condition.pointer) != nil, "success \(condition.pointer)")
    }
  }

  @Test(arguments: writes)
  func exampleClaimsSomething(_ operation: Operation) throws {
    let arguments = try operation.arguments(from: try #require(operation.exampleArguments))
    let claims = operation.claims(of: arguments)
    #expect(!claims.isEmpty)
    #expect(claims.allSatisfy { !$0.id.isEmpty && $0.kind.contains(".") })
  }

  @Test(arguments: writes)
  func exampleAnswerIsNoRefusal(_ operation: Operation) throws {
    let arguments = try operation.arguments(from: try #require(operation.exampleArguments))
    let data = operation.decode(try #require(operation.exampleAnswer))
    if case .rejected(let reason) = operation.judge(data, of: arguments) { Issue.record("rejected: \(reason)") }
  }

  @Test(arguments: writes)
  func readsOfARuleAreAccepted(_ operation: Operation) throws {
    let arguments = try operation.arguments(from: try #require(operation.exampleArguments))
    let answer = operation.decode(try #require(operation.exampleAnswer))
    let requests =
      operation.beforeReads(for: arguments)
      + operation.readBacks(of: arguments, answer: answer, intended: 1_667_193_198_819)
    for request in requests {
      let target = try #require(embedded[request.operation])
      _ = try target.arguments(from: request.arguments)
    }
    if operation.outcome?.read != nil {
      #expect(!operation.readBacks(of: arguments, answer: answer, intended: 1_667_193_198_819).isEmpty)
    }
  }

  @Test(arguments: writes)
  func planAnswersLikeTheOperation(_ operation: Operation) throws {
    let arguments = try operation.arguments(from: try #require(operation.exampleArguments))
    let before = operation.before?.read.flatMap { embedded[$0.operation]?.exampleAnswer }
    let planned = try #require(operation.plannedAnswer(to: arguments, before: before, placeholder: "plan:3"))
    operation.answer.walk(planned, at: JSONPointer()) { schema, value, pointer in
      #expect(schema.accepts(value) || schema.isID, "\(operation.id) \(pointer): \(value)")
    }
    if case .rejected(let reason) = operation.judge(planned, of: arguments) {
      Issue.record("a planned answer reads as a refusal: \(reason)")
    }
  }

  @Test(arguments: writes.filter { $0.notes?.contains("money") == true })
  func moneyHasAPlaceAndADirection(_ operation: Operation) throws {
    let before = try #require(operation.before)
    #expect(!before.amount.isEmpty)
    #expect(before.direction != nil)
    for source in before.amount {
      let schema =
        switch source {
        case .argument(let pointer): operation.argumentSchema(at: pointer)
        case .before(let pointer): before.read.flatMap { embedded[$0.operation]?.answer.schema(at: pointer) }
        }
      let unit = try #require(schema?.unit)
      #expect(unit == .fen || unit == .yuan)
    }
  }
}
