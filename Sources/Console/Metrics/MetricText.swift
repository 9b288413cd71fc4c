/// How the parts of a metric are spelled in the Prometheus text format.
enum MetricText {
  /// A line of one sample.
  static func sample(_ name: String, _ labels: [String], _ value: Double) -> String {
    let labels = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    return "\(name)\(labels) \(number(value))\n"
  }

  /// A label with its value in quotes; backslashes, quotes and line breaks are escaped.
  static func label(_ name: String, _ value: String) -> String {
    "\(name)=\"\(escaped(value).replacing("\"", with: "\\\""))\""
  }

  /// A help text; backslashes and line breaks are escaped.
  static func help(_ text: String) -> String { escaped(text) }

  /// A number; without a fraction where it has none.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
    return Int64(exactly: value).map { String($0) } ?? value.description
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }
}
