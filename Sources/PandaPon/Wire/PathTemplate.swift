/// A path with `{parameters}`, to be filled with values of any text.
struct PathTemplate {
  private let segments: [Substring]

  /// Why a path cannot be filled.
  enum Problem: Error {
    /// The value of that parameter is empty, `.` or `..`, and would make another path of it.
    case unusableValue(String)
    /// There is no value for that parameter.
    case missingValue(String)
    /// The operation has that parameter, but the path does not.
    case unusedValue(String)
  }

  init(_ text: String) {
    segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { Substring($0) }
  }

  /// Whether a text of a configuration can be a path template: begins with `/`, every segment either a `{parameter}` or
  /// plain.
  static func isUsable(_ text: String) -> Bool {
    guard text.first == "/", text.count > 1 else { return false }
    return PathTemplate(text).segments.allSatisfy { segment in
      if parameter(segment) != nil { return true }
      return !segment.isEmpty && segment != "." && segment != ".." && PercentEncoding.isEncoded(segment)
    }
  }

  /// The path with every parameter replaced by its value, percent-encoded, so that a value never becomes two segments.
  func filled(with values: [String: String]) throws(Problem) -> String {
    var unused = Set(values.keys)
    var path = ""
    for segment in segments {
      path += "/"
      guard let name = Self.parameter(segment) else {
        path += segment
        continue
      }
      guard let value = values[name] else { throw .missingValue(name) }
      guard !["", ".", ".."].contains(value) else { throw .unusableValue(name) }
      path += PercentEncoding.encode(value)
      unused.remove(name)
    }
    if let name = unused.min() { throw .unusedValue(name) }
    return path
  }

  private static func parameter(_ segment: Substring) -> String? {
    guard segment.utf8.first == UInt8(ascii: "{"), segment.last == "}", segment.count > 2 else { return nil }
    let name = segment.dropFirst().dropLast()
    return name.contains { $0 == "{" || $0 == "}" } ? nil : String(name)
  }
}
