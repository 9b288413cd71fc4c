import Crypto
public import JSON

/// What a parameter of type `rows` was given: the rows of a sheet, typed, as they were when the run started.
///
/// They are part of the run's record: a resume or a replay sees the same rows, whatever the file says by then.
public struct Sheet: Hashable, Sendable {
  /// The file as it was named, or `given` for rows that were no file.
  public let source: String
  /// SHA-256 of the file's bytes, as lower-case hex.
  public let digest: String
  /// One object for each row, by column name; cells that are empty are left out.
  public let rows: [JSON]
  /// Headings that no column asks for.
  public let ignored: [String]
  /// The names of columns that hold data about people.
  let personal: [String]

  /// The sheet as a run's record keeps it and its script gets it: `{sheet: {source, sha256, count, …}, rows: […]}`.
  var json: JSON { ["sheet": facts, "rows": .array(rows)] }

  private var facts: JSON {
    var facts: JSONObject = [
      "source": .string(source), "sha256": .string(digest), "count": .integer(Int64(rows.count)),
    ]
    if !ignored.isEmpty { facts["ignored"] = .array(ignored.map(JSON.string)) }
    if !personal.isEmpty { facts["personal"] = .array(personal.map(JSON.string)) }
    return .object(facts)
  }

  /// Parameters for people and for plans: of a sheet what it was, not its rows.
  ///
  /// - Parameter parameters: as a run's record has them.
  public static func summarised(_ parameters: JSON) -> JSON {
    guard let members = parameters.object else { return parameters }
    return .object(
      members.mapValues { value in
        guard value["rows"]?.array != nil, let facts = value["sheet"] else { return value }
        return ["sheet": facts]
      })
  }

  /// The cells of a recorded parameter that hold data about people, as pointers into the parameter; none where it is no
  /// sheet.
  public static func personal(in parameter: JSON) -> [JSONPointer] {
    guard let columns = parameter["sheet"]?["personal"]?.array?.compactMap(\.string),
      let rows = parameter["rows"]?.array
    else { return [] }
    return rows.indices.flatMap { row in
      columns.compactMap { column in
        rows[row][column] == nil ? nil : JSONPointer(tokens: ["rows", String(row), column])
      }
    }
  }

  static func digest(of bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }
}
