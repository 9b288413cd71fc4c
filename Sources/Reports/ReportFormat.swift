/// A form in which a report can be kept.
public enum ReportFormat: String, Sendable, CaseIterable {
  case markdown = "md"
  case csv
  case xlsx
  case json

  /// By the ending of a file's name; nil where it has none of these.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }
}
