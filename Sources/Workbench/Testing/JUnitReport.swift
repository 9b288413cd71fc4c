import Foundation

/// The outcomes as the XML that build servers read, in the form that JUnit's own runner writes.
public enum JUnitReport {
  /// One `testsuite` for each file.
  public static func text(_ outcomes: [TestOutcome]) -> String {
    var files: [String] = []
    for outcome in outcomes where !files.contains(outcome.file) { files.append(outcome.file) }
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites>"]
    for file in files {
      let own = outcomes.filter { $0.file == file }
      let took = own.reduce(Duration.zero) { $0 + $1.took }
      lines.append(
        "  <testsuite name=\"\(escaped(file))\" tests=\"\(own.count)\" failures=\"\(own.count { $0.failure != nil })\""
          + " errors=\"0\" skipped=\"0\" time=\"\(seconds(took))\">")
      for outcome in own {
        let name = "classname=\"\(escaped(file))\" name=\"\(escaped(outcome.name))\""
        let start = "    <testcase \(name) time=\"\(seconds(outcome.took))\""
        guard let failure = outcome.failure else {
          lines.append(start + "/>")
          continue
        }
        let first = failure.message.prefix { $0 != "\n" }
        let place = failure.place.map { "\($0): " } ?? ""
        lines.append(start + ">")
        lines.append(
          "      <failure message=\"\(escaped(String(first)))\">\(escaped(place + failure.message))</failure>")
        lines.append("    </testcase>")
      }
      lines.append("  </testsuite>")
    }
    return (lines + ["</testsuites>", ""]).joined(separator: "\n")
  }

  private static func seconds(_ duration: Duration) -> String {
    let milliseconds = Int64(duration / .milliseconds(1))
    return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
  }

  /// Text as XML has it; what XML cannot hold becomes `?`.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        result.unicodeScalars.append(isAllowed ? scalar : "?")
      }
    }
    return result
  }
}
