import Catalogue
import JSON

/// Checks a merged document: its schemas, its references, and every rule against the operations it names.
struct CatalogueAudit {
  let document: JSON
  let isPartial: Bool

  func problems() throws -> [String] {
    let catalogue = try Catalogue(parsing: document)
    var problems = KeywordAudit(document: document).problems()
    problems += catalogue.validate().map(\.description)
    guard problems.isEmpty else { return problems }
    _ = try EventKinds(catalogue)
    for operation in catalogue.operations {
      let audit = OperationAudit(operation: operation, catalogue: catalogue, isPartial: isPartial)
      problems += audit.problems().map { "\(operation.id): \($0)" }
    }
    return problems
  }
}
