import Catalogue

/// A schema as rows of a table: one for each field, members indented under what holds them, lists marked by `[]`.
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
  init(_ name: String, _ schema: Schema, isRequired: Bool) { add(name, schema, isRequired, depth: 0) }

  /// The rows of an object's or a list's members.
  init(members schema: Schema) { addMembers(of: schema, depth: 0) }

  private mutating func add(_ name: String, _ schema: Schema, _ isRequired: Bool, depth: Int) {
    let list = (schema.content ?? schema).items != nil
    rows.append(
      Row(
        name: String(repeating: "  ", count: depth) + name + (list ? "[]" : ""), isRequired: isRequired,
        expectation: schema.expectation,
        meaning: ([schema.text].compactMap(\.self) + Self.marks(schema)).joined(separator: "; ")))
    addMembers(of: schema, depth: depth + 1)
  }

  private mutating func addMembers(of schema: Schema, depth: Int) {
    var inner = schema.content ?? schema
    while let items = inner.items { inner = items.content ?? items }
    for property in inner.properties { add(property.name, property.schema, property.isRequired, depth: depth) }
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
