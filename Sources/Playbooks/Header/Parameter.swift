import Catalogue
public import JSON

/// One parameter that a playbook's header declares.
public struct Parameter: Hashable, Sendable {
  /// What a parameter's value is; in scripts durations and times are integers of milliseconds.
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
    case list
    case rows
  }

  public let name: String
  public let kind: Kind
  /// What a list's elements are; text unless said.
  public let element: Kind
  /// The typed default, or nil.
  public let fallback: JSON?
  public let isRequired: Bool
  /// The least and the most value, typed as the parameter is.
  public let minimum: JSON?
  public let maximum: JSON?
  public let choices: [String]
  /// The columns of `rows`, by name.
  public let columns: [SheetColumn]
  /// What `ebb run NAME --help` says about it.
  public let help: String?

  private static let fields = ["type", "default", "required", "min", "max", "choices", "of", "help", "columns"]

  /// Reads one entry of a header's `params`.
  init(name: String, header: JSON) throws(ParameterProblem) {
    guard let members = header.object else {
      throw ParameterProblem(
        "params.\(name) must be a table", hint: #"for example \#(name) = { type = "integer", default = 1 }"#)
    }
    for key in members.keys where !Self.fields.contains(key) {
      throw .unknownField("params.\(name).\(key)", key, among: Self.fields)
    }
    self.name = name
    kind = try Self.kind(members["type"], at: "params.\(name).type")
    element =
      try members["of"].map { of throws(ParameterProblem) in try Self.kind(of, at: "params.\(name).of") } ?? .text
    guard ![.list, .rows].contains(element) else {
      throw ParameterProblem("params.\(name).of: a list holds single values")
    }
    help = members["help"]?.string
    isRequired = members["required"]?.bool ?? false
    choices = members["choices"]?.array?.compactMap(\.scalarText) ?? []
    if kind == .choice, choices.isEmpty {
      throw ParameterProblem("params.\(name) is a choice without choices", hint: #"add choices = { "a", "b" }"#)
    }
    columns = try Self.columns(members["columns"], of: kind, named: name)
    if kind == .rows, members["min"] ?? members["max"] != nil {
      throw ParameterProblem("params.\(name): rows have neither min nor max")
    }
    var reader = ParameterReader(kind: kind, element: element, choices: choices, minimum: nil, maximum: nil)
    func typed(_ field: String) throws(ParameterProblem) -> JSON? {
      guard let value = members[field] else { return nil }
      do throws(ParameterProblem) {
        return try reader.value(value)
      } catch {
        throw error.at("params.\(name).\(field)")
      }
    }
    let minimum = try typed("min")
    let maximum = try typed("max")
    self.minimum = minimum
    self.maximum = maximum
    reader = ParameterReader(kind: kind, element: element, choices: choices, minimum: minimum, maximum: maximum)
    fallback = try typed("default")
  }

  private static func columns(
    _ value: JSON?, of kind: Kind, named name: String
  ) throws(ParameterProblem) -> [SheetColumn] {
    guard kind == .rows else {
      guard value == nil else {
        throw ParameterProblem("params.\(name).columns: only rows have columns", hint: #"type = "rows""#)
      }
      return []
    }
    guard let members = value?.object, !members.isEmpty else {
      throw ParameterProblem(
        "params.\(name) is rows without columns", hint: #"columns = { id = { type = "id", heading = "逆向单号" } }"#)
    }
    var columns: [SheetColumn] = []
    for (key, header) in members.sorted(by: { $0.key < $1.key }) {
      do throws(ParameterProblem) {
        let column = try SheetColumn(name: key, header: header)
        if let other = columns.first(where: { !$0.spellings.isDisjoint(with: column.spellings) }) {
          throw ParameterProblem("columns.\(key) and columns.\(other.name) have the same heading")
        }
        columns.append(column)
      } catch {
        throw error.at("params.\(name)")
      }
    }
    return columns
  }

  private static func kind(_ value: JSON?, at place: String) throws(ParameterProblem) -> Kind {
    let known = Kind.allCases.map(\.rawValue)
    guard let word = value?.string else {
      throw ParameterProblem("\(place) is missing", hint: "one of \(known.joined(separator: ", "))")
    }
    guard let kind = Kind(rawValue: word) else { throw .unknownField(place, word, among: known) }
    return kind
  }

  /// Types a value given for a run: as ``value(_:)`` does, and of `rows` reads the sheet.
  ///
  /// - Throws: ``ParameterProblem`` where the value is wrong, or the sheet cannot be read.
  func value(_ given: JSON, from sheets: SheetFolder, namedBy author: SheetFolder.Author) throws(ParameterProblem)
    -> JSON
  {
    guard kind == .rows else { return try value(given) }
    do throws(ParameterProblem) {
      let reader = SheetReader(columns: columns)
      switch try RowsReference(given) {
      case .rows(let rows): return try reader.sheet(rows).json
      case .file(let path):
        return try reader.sheet(try sheets.bytes(of: path, namedBy: author), source: path).json
      }
    } catch {
      throw error.at(name)
    }
  }

  /// Types a value given for the parameter: text from the command line, or a value of `ebb.yaml`. Of `rows` it only looks
  /// at how the sheet is named.
  public func value(_ given: JSON) throws(ParameterProblem) -> JSON {
    let reader = ParameterReader(kind: kind, element: element, choices: choices, minimum: minimum, maximum: maximum)
    do throws(ParameterProblem) {
      return try reader.value(given)
    } catch {
      throw error.at(name)
    }
  }
}

extension ParameterProblem {
  /// A field or word that is not known, with the nearest that is.
  static func unknownField(_ place: String, _ word: String, among known: [String]) -> ParameterProblem {
    let near = EditDistance.nearest(to: word, among: known)
    return ParameterProblem(
      "\(place): \"\(word)\" is not known",
      hint: near.map { "did you mean \($0)?" } ?? "one of \(known.joined(separator: ", "))")
  }
}
