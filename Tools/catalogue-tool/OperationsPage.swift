import Catalogue
import JSON

/// Writes docs/operations.md.
struct OperationsPage {
  let document: JSON

  func text() throws -> String {
    let catalogue = try Catalogue(parsing: document)
    var lines = ["# Operations", ""]
    for operation in catalogue.operations { lines.append("- `\(operation.id)` \(operation.name)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
