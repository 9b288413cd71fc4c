import JSON

/// The arguments of one request, wherever they stood: path, body, or query; scalars are read tolerantly.
struct Call: Sendable {
  let operation: String
  let path: [String: String]
  let query: [(name: String, value: String)]
  let body: JSON

  init(operation: String, path: [String: String] = [:], query: [(name: String, value: String)] = [], body: JSON = .null)
  {
    self.operation = operation
    self.path = path
    self.query = query
    self.body = body
  }

  /// An argument by name; null and the empty text count as absent.
  func value(_ name: String) -> JSON? {
    if let text = path[name], !text.isEmpty { return .string(text) }
    if let value = body[name], value != .null, value != .string("") { return value }
    if let text = query.first(where: { $0.name == name })?.value, !text.isEmpty { return .string(text) }
    return nil
  }

  func text(_ name: String) throws(Refusal) -> String {
    guard let text = try optionalText(name) else { throw .missing(name) }
    return text
  }

  func optionalText(_ name: String) throws(Refusal) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.scalarText else { throw .invalid(name, "must be text") }
    return text
  }

  /// The first of several arguments that is there.
  func firstText(_ names: String...) throws(Refusal) -> String {
    for name in names {
      if let text = try optionalText(name) { return text }
    }
    throw .missing(names.joined(separator: " or "))
  }

  func integer(_ name: String) throws(Refusal) -> Int64 {
    guard let number = try optionalInteger(name) else { throw .missing(name) }
    return number
  }

  func optionalInteger(_ name: String) throws(Refusal) -> Int64? {
    guard let value = value(name) else { return nil }
    guard let number = value.wholeNumber else { throw .invalid(name, "must be an integer") }
    return number
  }

  /// A list, also where it stands as JSON text inside a string.
  func list(_ name: String) throws(Refusal) -> [JSON] {
    guard let list = try optionalList(name), !list.isEmpty else { throw .missing(name) }
    return list
  }

  func optionalList(_ name: String) throws(Refusal) -> [JSON]? {
    guard let value = try embedded(name) else { return nil }
    guard let list = value.array else { throw .invalid(name, "must be a list") }
    return list
  }

  /// A list of ids, given as strings or integers.
  func ids(_ name: String) throws(Refusal) -> [String] {
    var ids: [String] = []
    for element in try list(name) {
      guard let id = element.scalarText else { throw .invalid(name, "must hold ids") }
      ids.append(id)
    }
    return ids
  }

  /// An object, also where it stands as JSON text inside a string.
  func object(_ name: String) throws(Refusal) -> JSON {
    guard let value = try embedded(name) else { throw .missing(name) }
    guard value.object != nil else { throw .invalid(name, "must be an object") }
    return value
  }

  private func embedded(_ name: String) throws(Refusal) -> JSON? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else { return value }
    do {
      return try JSON(parsing: text)
    } catch {
      throw .invalid(name, "is text that is not JSON: \(error)")
    }
  }

  /// Page number (from 1) and size (1 to 100) under the names that the operation uses.
  func page(
    number: String = "pageNo", size: String = "pageSize", sizeRequired: Bool = false, maximum: Int64 = 100
  ) throws(Refusal) -> Page {
    let number = try optionalInteger(number) ?? 1
    guard number >= 1 else { throw .invalid("pageNo", "counts from 1") }
    let limit = sizeRequired ? try integer(size) : try optionalInteger(size) ?? 20
    guard (1...maximum).contains(limit) else { throw .invalid(size, "must be from 1 to \(maximum)") }
    return Page(number: Int(clamping: number), size: Int(limit))
  }
}

/// One page of a list.
struct Page: Sendable, Hashable {
  var number: Int
  var size: Int
  /// Rows of the previous page that are shown again: a list that shifted while it was read.
  var overlap = 0

  /// The one paged shape that PandaPon documents (assumptions.md 1).
  func answer<Row>(_ rows: [Row], _ render: (Row) -> JSON) -> JSON {
    let (skipped, overflow) = (number - 1).multipliedReportingOverflow(by: size)
    let start = overflow ? rows.count : min(rows.count, max(0, skipped - (number > 1 ? overlap : 0)))
    let shown = rows[start..<min(rows.count, start + size)]
    return [
      "totalRecords": .integer(Int64(rows.count)),
      "totalPage": .integer(Int64((rows.count + size - 1) / size)),
      "pageSize": .integer(Int64(size)),
      "currentPage": .integer(Int64(number)),
      "data": .array(shown.map(render)),
    ]
  }
}

extension JSON {
  /// An integer, also one that stands as text or as a whole float.
  var wholeNumber: Int64? {
    switch self {
    case .integer(let value): value
    case .string(let text): Int64(text)
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// Text, or null where there is none.
  static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  /// Fen as the yuan decimal that 1688 writes in orders, e.g. 1250 is `12.5`.
  static func yuan(_ fen: Int64) -> JSON { .number(Double(fen) / 100) }

  /// Fen as the yuan text of product prices, e.g. 1250 is `"12.50"`.
  static func yuanText(_ fen: Int64) -> JSON {
    let cents = String(abs(fen) % 100)
    return .string("\(fen < 0 ? "-" : "")\(abs(fen) / 100).\(cents.count == 1 ? "0" + cents : cents)")
  }

  /// A numeric id as the integer that the wire has.
  static func idNumber(_ id: String) -> JSON { Int64(id).map(JSON.integer) ?? .string(id) }
}
