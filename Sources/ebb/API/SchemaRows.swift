import Catalogue

/// A schema as rows of a table: one for each field, nested ones under dotted names (`refundOrder.refundId`, `data[].id`).
struct SchemaRows {
  /// One field.
  struct Row: Equatable {
    var name: String
    var isRequired: Bool
    /// What its value must be, e.g. `an integer in fen`.
    var expectation: String
    /// What it means, with its marks.
    var meaning: String
  }

  /// The fields, each before its members.
  private(set) var rows: [Row] = []

  /// The rows of one field.
  init(_ name: String, _ schema: Schema, isRequired: Bool) { add(name, schema, isRequired) }

  /// The rows of an object's or a list's members.
  init(members schema: Schema) { addMembers(of: schema, "") }

  private mutating func add(_ name: String, _ schema: Schema, _ isRequired: Bool) {
    rows.append(
      Row(
        name: name, isRequired: isRequired, expectation: schema.expectation,
        meaning: ([schema.text].compactMap(\.self) + Self.marks(schema)).joined(separator: "; ")))
    addMembers(of: schema, name)
  }

  private mutating func addMembers(of schema: Schema, _ prefix: String) {
    let inner = schema.content ?? schema
    for property in inner.properties {
      add(prefix.isEmpty ? property.name : prefix + "." + property.name, property.schema, property.isRequired)
    }
    if let items = inner.items, !items.properties.isEmpty || items.items != nil {
      addMembers(of: items, prefix + "[]")
    }
  }

  private static func marks(_ schema: Schema) -> [String] {
    var marks: [String] = []
    if schema.choices.isEmpty && !schema.words.isEmpty {
      marks.append(schema.words.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
    if schema.isSecret { marks.append("secret") }
    if schema.isPersonal { marks.append("personal") }
    if let evidence = schema.evidence, evidence != .documented { marks.append(evidence.rawValue) }
    return marks
  }
}
