public import JSON
import Synchronization

/// The parts of an operation that cost time to build, built once, when first asked for.
final class OperationContents: Sendable {
  private let id: String
  private let definition: JSON
  private let source: SchemaSource
  private let built = Mutex<Built?>(nil)

  struct Built: Sendable {
    var parameters: [Parameter] = []
    var body: Schema?
    var answer = Schema.anything
    var claims: [ClaimRule] = []
    var before: BeforeRule?
    /// What the amounts of `before` are counted in, one for each.
    var amountUnits: [Schema.Unit?] = []
    var outcome: OutcomeRule?
    var plan: PlanRule?
    var key: KeyRule?
    var page: PageRule?
    var input = ArgumentForm(parameters: [], body: nil)
  }

  init(id: String, definition: JSON, source: SchemaSource) {
    self.id = id
    self.definition = definition
    self.source = source
  }

  /// The built parts; of a damaged definition, what could be read (`Catalogue.validate()` reports the damage).
  var value: Built {
    if let known = built.withLock({ $0 }) { return known }
    let read = (try? build()) ?? Built()
    return built.withLock { known in
      if let known { return known }
      known = read
      return read
    }
  }

  /// Builds the parts anew and says what is wrong with them.
  func build() throws(CatalogueError) -> Built {
    do {
      var parts = Built()
      for entry in definition["parameters"]?.array ?? [] {
        let parameter = try source.parameter(entry)
        if parameter["x-ebb-system"]?.bool == true { continue }
        parts.parameters.append(try Parameter(reading: parameter, from: source))
      }
      if let message = definition[pointer: OperationContents.messagePointer] {
        parts.answer = try source.schema(message)
      } else {
        if let body = definition[pointer: "/requestBody/content/application~1json/schema"] {
          parts.body = try source.schema(body)
        }
        if let answer = definition[pointer: OperationContents.answerPointer] {
          parts.answer = try source.schema(answer)
        }
      }
      for claim in definition["x-ebb-claims"]?.array ?? [] { parts.claims.append(try ClaimRule(reading: claim)) }
      parts.before = try definition["x-ebb-before"].map(BeforeRule.init(reading:))
      parts.outcome = try definition["x-ebb-outcome"].map(OutcomeRule.init(reading:))
      parts.plan = try definition["x-ebb-plan"].map(PlanRule.init(reading:))
      parts.key = try definition["x-ebb-key"].map(KeyRule.init(reading:))
      parts.page = try definition["x-ebb-page"].map(PageRule.init(reading:))
      parts.input = ArgumentForm(parameters: parts.parameters, body: parts.body)
      parts.amountUnits = try amountUnits(of: parts)
      return parts
    } catch {
      throw CatalogueError(error.reason, at: error.place.isEmpty ? id : "\(id) \(error.place)")
    }
  }

  private func amountUnits(of parts: Built) throws(CatalogueError) -> [Schema.Unit?] {
    guard let before = parts.before else { return [] }
    let answer = try before.read.flatMap { source.answers[$0.operation] }.map { definition throws(CatalogueError) in
      try source.schema(definition)
    }
    return try before.amount.map { amount throws(CatalogueError) in
      let schema: Schema?
      switch amount {
      case .argument(let pointer): schema = parts.input.schema(at: pointer)
      case .before(let pointer):
        guard let answer else { return nil }
        schema = answer.schema(at: pointer)
      }
      guard let unit = schema?.unit, unit == .fen || unit == .yuan else {
        throw CatalogueError("the amount's field is not said to be in fen or yuan")
      }
      return unit
    }
  }

  /// Where in an event the schema of its `messageBody` stands.
  static let messagePointer: JSONPointer =
    "/requestBody/content/application~1json/schema/allOf/1/properties/messageBody"
  /// Where in an operation the schema of an answer's `data` stands.
  static let answerPointer: JSONPointer =
    "/responses/200/content/application~1json/schema/allOf/1/properties/data"
}

extension Operation {
  /// The path, query and header parameters of its own; the system headers are not among them.
  public var parameters: [Parameter] { contents.value.parameters }
  /// The body's object schema; nil where there is no body.
  public var body: Schema? { contents.value.body }
  /// What `data` of an answer looks like; for an event, the message's body.
  public var answer: Schema { contents.value.answer }
  /// What a write touches.
  public var claims: [ClaimRule] { contents.value.claims }
  /// What is read before a write, and where its amount stands.
  public var before: BeforeRule? { contents.value.before }
  /// How a write's outcome is judged and read back.
  public var outcome: OutcomeRule? { contents.value.outcome }
  /// What a captured write answers in a plan.
  public var plan: PlanRule? { contents.value.plan }
  /// The number by which a keyed write is found again.
  public var key: KeyRule? { contents.value.key }
  /// How a paged read is paged.
  public var page: PageRule? { contents.value.page }
  /// A complete set of arguments, as a script gives them; nil where the catalogue has none.
  public var exampleArguments: JSON? { definition["x-ebb-example"] }
  /// One example of an answer's `data`, for an event of its `messageBody`; nil where there
  /// is none.
  public var exampleAnswer: JSON? {
    definition[pointer: "/responses/200/content/application~1json/example/data"]
      ?? definition[pointer: "/requestBody/content/application~1json/example/messageBody"]
  }
  /// Every field a script may give: parameters first, then the body's members.
  public var fields: [Schema.Property] { contents.value.input.fields }
}

extension Parameter {
  init(reading definition: JSON, from source: SchemaSource) throws(CatalogueError) {
    guard let name = definition["name"]?.string,
      let location = definition["in"]?.string.flatMap(Location.init(rawValue:))
    else { throw CatalogueError("a parameter needs name and in: path, query or header") }
    guard case .object(var schema)? = definition["schema"] else {
      throw CatalogueError("a parameter needs a schema", at: name)
    }
    for key in ["description", "example"] where schema[key] == nil { schema[key] = definition[key] }
    self.name = name
    self.location = location
    isRequired = location == .path || definition["required"]?.bool == true
    self.schema = try source.schema(.object(schema))
  }
}

extension Catalogue {
  /// Builds every schema and rule and says what is wrong with them; empty for a sound catalogue.
  public func validate() -> [CatalogueError] {
    operations.compactMap { operation in
      do throws(CatalogueError) {
        _ = try operation.contents.build()
        return nil
      } catch {
        return error
      }
    }
  }
}
