public import JSON

/// What a value looks like: JSON Schema as OpenAPI 3.1 has it, references resolved, with Ebb's own marks.
///
/// A schema without types accepts everything.
public final class Schema: Sendable {
  /// A type of JSON Schema.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case null, boolean, integer, number, string, array, object
  }

  /// What a number counts.
  public enum Unit: String, Hashable, Sendable, CaseIterable {
    case fen, yuan
    /// Milliseconds, since 1970 for instants.
    case milliseconds = "ms"
    /// Seconds, since 1970 for instants.
    case seconds = "s"
    case bytes
  }

  /// A member of an object.
  public struct Property: Hashable, Sendable {
    /// The wire's name.
    public let name: String
    /// What its value looks like.
    public let schema: Schema
    /// Whether it must be there.
    public let isRequired: Bool
  }

  /// The name of the shared schema this is, where it is one.
  public let name: String?
  /// The accepted types other than null; empty where everything is accepted.
  public let kinds: [Kind]
  /// Whether `null` is documented as a value.
  public let isNullable: Bool
  /// The format of OpenAPI, e.g. `int64`; not checked.
  public let format: String?
  /// What the value means, and where that is known from.
  public let text: String?
  /// A value as it may look.
  public let example: JSON?
  /// What the service takes where nothing is given; never filled in by Ebb.
  public let defaultValue: JSON?
  /// The only accepted values; empty where all are.
  public let choices: [JSON]
  /// What the values mean, by the value's text.
  public let words: [String: String]
  /// The least number accepted.
  public let minimum: Double?
  /// The greatest number accepted.
  public let maximum: Double?
  /// What a number must be greater than.
  public let exclusiveMinimum: Double?
  /// Fewest characters, counted in Unicode scalars as JSON Schema does.
  public let minimumLength: Int?
  /// Most characters, counted likewise.
  public let maximumLength: Int?
  /// Most bytes of UTF-8.
  public let maximumBytes: Int?
  /// A regular expression that text must contain.
  public let pattern: String?
  /// Fewest elements of an array.
  public let minimumItems: Int?
  /// Most elements of an array.
  public let maximumItems: Int?
  /// The members of an object, in the order of the document.
  public let properties: [Property]
  /// Sets of members of which one must be complete; empty where there is no such choice.
  public let alternatives: [[String]]
  /// Whether members that are not listed are accepted in arguments.
  public let isOpen: Bool
  /// The elements of an array.
  public let items: Schema?
  /// What the JSON text inside this string holds, where the string is JSON text.
  public let content: Schema?
  /// What the number counts.
  public let unit: Unit?
  /// Whether this names a resource: text to scripts, whatever the wire has.
  public let isID: Bool
  /// Whether the value opens something and must never be shown.
  public let isSecret: Bool
  /// Whether the value is about a person: name, phone, address.
  public let isPersonal: Bool
  /// How the field is known; nil means as the operation's page shows it.
  public let evidence: Evidence?

  /// Whether this or anything inside it is secret.
  let holdsSecrets: Bool

  /// Where each property stands in `properties`.
  let positions: [String: Int]

  /// The member of that name.
  public subscript(property: String) -> Property? {
    positions[property].map { properties[$0] }
  }

  init(name: String?, object: JSONObject, children: SchemaChildren) throws(CatalogueError) {
    self.name = name
    let kindNames = object["type"]?.array?.compactMap(\.string) ?? object["type"]?.string.map { [$0] } ?? []
    var kinds: [Kind] = []
    for word in kindNames {
      guard let kind = Kind(rawValue: word) else { throw CatalogueError("unknown type \(word)", at: name ?? "") }
      if kind != .null { kinds.append(kind) }
    }
    self.kinds = kinds
    isNullable = kindNames.isEmpty || kindNames.contains("null")
    format = object["format"]?.string
    text = object["description"]?.string
    example = object["example"] ?? object["examples"]?[0]
    defaultValue = object["default"]
    choices = object["enum"]?.array ?? []
    var words: [String: String] = [:]
    for (value, word) in object["x-ebb-words"]?.object ?? [:] { words[value] = word.string }
    self.words = words
    minimum = object["minimum"]?.asDouble
    maximum = object["maximum"]?.asDouble
    exclusiveMinimum = object["exclusiveMinimum"]?.asDouble
    minimumLength = object["minLength"]?.asInt
    maximumLength = object["maxLength"]?.asInt
    maximumBytes = object["x-ebb-max-bytes"]?.asInt
    pattern = object["pattern"]?.string
    minimumItems = object["minItems"]?.asInt
    maximumItems = object["maxItems"]?.asInt
    properties = children.properties
    alternatives = (object["anyOf"]?.array ?? []).map { ($0["required"]?.array ?? []).compactMap(\.string) }
    isOpen = object["additionalProperties"]?.bool ?? (children.properties.isEmpty)
    items = children.items
    content = children.content
    unit = object["x-ebb-unit"]?.string.flatMap(Unit.init(rawValue:))
    isID = object["x-ebb-id"]?.bool ?? false
    isSecret = object["x-ebb-secret"]?.bool ?? false
    isPersonal = object["x-ebb-personal"]?.bool ?? false
    holdsSecrets =
      isSecret || children.items?.holdsSecrets ?? false || children.content?.holdsSecrets ?? false
      || children.properties.contains { $0.schema.holdsSecrets }
    evidence = object["x-ebb-evidence"]?.string.flatMap(Evidence.init(rawValue:))
    positions = Dictionary(children.properties.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// A schema that accepts everything.
  public static let anything = Schema()

  private init() {
    name = nil
    kinds = []
    isNullable = true
    format = nil
    text = nil
    example = nil
    defaultValue = nil
    choices = []
    words = [:]
    minimum = nil
    maximum = nil
    exclusiveMinimum = nil
    minimumLength = nil
    maximumLength = nil
    maximumBytes = nil
    pattern = nil
    minimumItems = nil
    maximumItems = nil
    properties = []
    alternatives = []
    isOpen = true
    items = nil
    content = nil
    unit = nil
    isID = false
    isSecret = false
    isPersonal = false
    holdsSecrets = false
    evidence = nil
    positions = [:]
  }
}

extension Schema: Hashable {
  /// Equal where all that is stated is.
  public static func == (left: Schema, right: Schema) -> Bool {
    left === right
      || left.name == right.name && left.kinds == right.kinds && left.isNullable == right.isNullable
        && left.format == right.format && left.text == right.text && left.choices == right.choices
        && left.words == right.words && left.minimum == right.minimum && left.maximum == right.maximum
        && left.exclusiveMinimum == right.exclusiveMinimum && left.alternatives == right.alternatives
        && left.minimumLength == right.minimumLength && left.maximumLength == right.maximumLength
        && left.maximumBytes == right.maximumBytes && left.pattern == right.pattern
        && left.minimumItems == right.minimumItems && left.maximumItems == right.maximumItems
        && left.properties == right.properties && left.isOpen == right.isOpen && left.items == right.items
        && left.content == right.content && left.unit == right.unit && left.isID == right.isID
        && left.isSecret == right.isSecret && left.isPersonal == right.isPersonal && left.evidence == right.evidence
        && left.example == right.example && left.defaultValue == right.defaultValue
  }

  /// Hashes name, types and the count of members.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(kinds)
    hasher.combine(properties.count)
  }
}
