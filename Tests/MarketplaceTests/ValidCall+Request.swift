import Catalogue
import JSON

@testable import Marketplace

extension ValidCall {
  /// The request target, signed in the query where the operation wants it.
  func target(_ operation: Operation, signer: Signer) -> String {
    var target = operation.path
    for (name, value) in path { target = target.replacing("{\(name)}", with: value) }
    var items = query.sorted { $0.key < $1.key }.map { name, value in
      let text = value.scalarText ?? ""
      return "\(name)=" + text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    if operation.signing == .query { items.append(signer.query()) }
    return items.isEmpty ? target : target + "?" + items.joined(separator: "&")
  }

  func request(_ operation: Operation, _ client: Harness) async throws -> Seen {
    let signer = Signer(account: client.marketplace.account)
    return try await client.call(
      operation.method, target(operation, signer: signer), body,
      headers: operation.signing == .query ? [] : signer.headers())
  }
}
