import Catalogue
import JSON
import Testing

@testable import Marketplace

@Suite struct OperationTests {
  static let operations = (try? Catalogue.embedded())?.operations.filter { $0.effect != .event } ?? []

  @Test func everyOperationIsServedAndNothingElse() throws {
    let served = Set(World.handlers.keys)
    let listed = Set(OperationTests.operations.map(\.id))
    #expect(listed.count == 72)
    #expect(listed.subtracting(served) == [])
    #expect(served.subtracting(listed) == [])
  }

  @Test(arguments: Road.allCases) func everyOperationAnswersInItsShape(_ road: Road) async throws {
    for operation in OperationTests.operations {
      try await Harness.with(road, SimulatorOptions()) { client in
        let call = try await client.marketplace.withWorld { try $0.validCall(operation.id) }
        let answer = try await call.request(operation, client)
        #expect(answer.status == 200, "\(operation.id)")
        #expect(answer.code == 200, "\(operation.id): \(answer.body)")
        #expect(answer.body["requestId"]?.string?.count == 32)
        #expect(answer.body["developId"]?.string?.count == 19)
        for problem in try Shape.problems(answer.data, operation.answer, at: operation.id) {
          Issue.record("\(problem)")
        }
      }
    }
  }
}

/// Compares an answer with the schema that the catalogue has for it.
enum Shape {
  static func problems(_ value: JSON, _ schema: Schema, at place: String) throws -> [String] {
    if value == .null { return schema.isNullable ? [] : ["\(place): null"] }
    guard !schema.kinds.isEmpty else { return [] }
    let fits = schema.kinds.contains { kind in
      kind.rawValue == value.kind || kind == .number && value.kind == "integer"
    }
    guard fits else { return ["\(place): \(value.kind) instead of \(schema.kinds.map(\.rawValue))"] }
    var problems: [String] = []
    if let members = value.object, !schema.properties.isEmpty {
      for property in schema.properties where property.isRequired && members[property.name] == nil {
        problems.append("\(place)/\(property.name): missing")
      }
      for (name, member) in members {
        guard let property = schema[name] else {
          problems.append("\(place)/\(name): not documented")
          continue
        }
        problems += try Shape.problems(member, property.schema, at: "\(place)/\(name)")
      }
    }
    if let elements = value.array, let items = schema.items {
      for element in elements { problems += try Shape.problems(element, items, at: "\(place)/*") }
    }
    return Array(Set(problems)).sorted()
  }
}
