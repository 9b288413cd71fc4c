import JSON
import Testing

@testable import Catalogue

/// Every entry of the embedded catalogue, against the list of operations and against the rules of the format.
struct EntryTests {
  @Test func entriesAreThoseOfTheListInItsOrder() throws {
    let rows = try Fixture.operations()
    #expect(rows.count == 78)
    #expect(allOperations.map(\.id) == rows.compactMap { $0["operationId"] })
  }

  @Test(arguments: allOperations)
  func entryEqualsItsRow(_ operation: Operation) throws {
    let row = try #require(try Fixture.operations().first { $0["operationId"] == operation.id })
    #expect(operation.market == row["market"])
    #expect(operation.group == row["group"])
    #expect(operation.name == row["name"])
    #expect(operation.method == row["method"])
    #expect(operation.evidence.method.rawValue == row["method_evidence"])
    #expect(operation.path == row["path"])
    #expect(operation.evidence.path.rawValue == row["path_evidence"])
    #expect(operation.effect.rawValue == row["effect"])
    #expect(operation.notes ?? "" == row["note"])
    #expect(embedded[operation.id] == operation)
  }

  @Test func documentIsSound() {
    #expect(embedded.validate() == [])
    #expect(embedded.digest.count == 64)
  }

  @Test(arguments: allOperations)
  func schemasAreConsistent(_ operation: Operation) {
    for field in operation.fields { check(field.schema, "\(operation.id) \(field.name)") }
    check(operation.answer, "\(operation.id) answer")
  }

  private func check(_ schema: Schema, _ place: String) {
    if let least = schema.minimum, let most = schema.maximum { #expect(least <= most, "\(place)") }
    if let least = schema.minimumLength, let most = schema.maximumLength { #expect(least <= most, "\(place)") }
    for choice in schema.choices where !choice.isNull {
      #expect(ScalarConversion.convert(choice, to: schema.kinds) == choice, "\(place): \(choice) is of another type")
    }
    for word in schema.words.keys where !schema.choices.isEmpty {
      #expect(schema.choices.contains { $0.scalarText == word }, "\(place): \(word) is no choice")
    }
    if let unit = schema.unit { #expect(unit == .bytes || !schema.accepts(.boolean), "\(place)") }
    if schema.isID { #expect(schema.kinds == [.string] || schema.kinds == [.integer], "\(place)") }
    if schema.items != nil { #expect(schema.accepts(.array), "\(place)") }
    if !schema.properties.isEmpty { #expect(schema.accepts(.object), "\(place)") }
    if let example = schema.example, schema.content == nil {
      #expect(schema.accepts(example), "\(place): the example \(example) does not fit")
    }
    for property in schema.properties { check(property.schema, "\(place)/\(property.name)") }
    if let items = schema.items { check(items, "\(place)/*") }
    if let content = schema.content { check(content, "\(place) content") }
  }

  @Test(arguments: calls)
  func exampleArgumentsAreAccepted(_ operation: Operation) throws {
    let example = try #require(operation.exampleArguments)
    let arguments = try operation.arguments(from: example)
    #expect(Set(arguments.path.keys) == Set(operation.parameters.filter { $0.location == .path }.map(\.name)))
    #expect((arguments.body == nil) == (operation.body == nil))
    let again = try operation.arguments(from: arguments.script)
    #expect(again == arguments, "the canonical form must mean the same")
  }

  @Test(arguments: allOperations)
  func exampleAnswerFitsItsSchema(_ operation: Operation) throws {
    guard let example = operation.exampleAnswer else {
      #expect(operation.effect != .write, "a write needs an example of its answer")
      return
    }
    #expect(operation.answer.decode(example) == operation.decode(example))
    operation.answer.walk(example, at: JSONPointer()) { schema, value, pointer in
      #expect(schema.accepts(value), "\(operation.id) \(pointer): \(value) is of another type")
    }
  }

  @Test(arguments: allOperations)
  func answersSurviveFlippedScalars(_ operation: Operation) throws {
    guard let example = operation.exampleAnswer else { return }
    let decoded = operation.decode(example)
    #expect(operation.decode(decoded) == decoded)
    #expect(operation.decode(flipped(decoded, operation.answer)) == decoded)
  }

  /// Every documented scalar in the other form that the wire may have.
  private func flipped(_ value: JSON, _ schema: Schema) -> JSON {
    switch value {
    case .object(let members):
      var changed = members
      for (name, member) in members {
        if let property = schema[name] { changed[name] = flipped(member, property.schema) }
      }
      return .object(changed)
    case .array(let elements): return .array(elements.map { flipped($0, schema.items ?? .anything) })
    case .integer, .bool: return schema.kinds.isEmpty ? value : .string(value.scalarText ?? "")
    case .string(let text):
      guard schema.kinds == [.string] || schema.isID, let number = Int64(text), String(number) == text else {
        return value
      }
      return .integer(number)
    case .null, .bigInteger, .number: return value
    }
  }
}

extension Schema {
  /// Whether a value is of one of the types, after decoding.
  func accepts(_ value: JSON) -> Bool {
    if value.isNull { return isNullable }
    if kinds.isEmpty { return true }
    let decoded = decode(value)
    let kind = Kind(rawValue: decoded.kind) ?? .null
    return accepts(kind) || isID && decoded.string != nil
  }
}
