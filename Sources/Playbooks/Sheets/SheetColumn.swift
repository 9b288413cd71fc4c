import Catalogue
import JSON

/// One column of a parameter of type `rows`: `{ type = "waybill", heading = "运单号", optional = true }`.
public struct SheetColumn: Hashable, Sendable {
  /// What a cell of it is; see ``Parameter/Kind`` for what those are in scripts.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case text
    case id
    case integer
    case boolean
    case duration
    case time
    case date
    case money
    case choice
    case waybill
    case phone
  }

  /// The field of a row in which the script finds it.
  public let name: String
  public let kind: Kind
  /// What the sheet may call it, the first being the usual one; its name is always understood.
  public let headings: [String]
  /// Whether the heading may be missing, and cells may be empty.
  public let isOptional: Bool
  public let choices: [String]
  /// The currency of amounts that are written without one; nil where each cell must have its unit.
  public let currency: String?

  private static let fields = ["type", "heading", "optional", "choices", "currency", "help"]

  /// Reads one entry of `columns`.
  init(name: String, header: JSON) throws(ParameterProblem) {
    let place = "columns.\(name)"
    guard let members = header.object else {
      throw ParameterProblem(
        "\(place) must be a table", hint: #"for example \#(name) = { type = "id", heading = "逆向单号" }"#)
    }
    for key in members.keys where !Self.fields.contains(key) {
      throw .unknownField("\(place).\(key)", key, among: Self.fields)
    }
    self.name = name
    let known = Kind.allCases.map(\.rawValue)
    guard let word = members["type"]?.string else {
      throw ParameterProblem("\(place).type is missing", hint: "one of \(known.joined(separator: ", "))")
    }
    guard let kind = Kind(rawValue: word) else { throw .unknownField("\(place).type", word, among: known) }
    self.kind = kind
    switch members["heading"] {
    case nil: headings = [name]
    case .string(let heading)?: headings = [heading]
    case .array(let list)?:
      headings = list.compactMap(\.string)
      guard headings.count == list.count, !list.isEmpty else { fallthrough }
    default: throw ParameterProblem("\(place).heading must be a text, or a list of texts")
    }
    isOptional = members["optional"]?.bool ?? false
    choices = members["choices"]?.array?.compactMap(\.scalarText) ?? []
    if kind == .choice, choices.isEmpty {
      throw ParameterProblem("\(place) is a choice without choices", hint: #"add choices = { "a", "b" }"#)
    }
    currency = members["currency"]?.string
    if let currency {
      do throws(ParameterProblem) {
        _ = try Money(parsing: "0 \(currency)")
      } catch {
        throw error.at("\(place).currency")
      }
    }
  }

  /// The heading by which people know it.
  var title: String { headings.first ?? name }

  /// How messages name it: `运单号 (waybill)`.
  var label: String { title == name ? name : "\(title) (\(name))" }

  /// All that a sheet may call it, as it is compared.
  var spellings: Set<String> { Set((headings + [name]).map(Heading.canonical)) }
}
