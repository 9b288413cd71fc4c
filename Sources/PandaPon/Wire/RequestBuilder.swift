import Catalogue
import JSON

/// Makes the signed request of one operation: path, query, headers, body (pandapon.md 1).
struct RequestBuilder {
  let profile: Profile

  /// A signed request.
  ///
  /// - Parameters:
  ///   - now: the wall clock, in milliseconds since 1970.
  ///   - nonce: 32 letters and digits, never used before.
  /// - Throws: a `Failure` where the arguments cannot stand in the path.
  func request(
    for operation: Operation, _ arguments: Arguments, by credentials: Credentials, now: Int64, nonce: String
  ) throws(Failure) -> WireRequest {
    let path = try path(of: operation, arguments)
    let query = Self.query(arguments.query.map { ($0.name, $0.value) })
    let body = arguments.body.map { $0.bytes(.compact) }
    let recipe = recipe(for: operation)
    let timestamp = recipe.timestamp.text(of: now)
    let signature = Signer(recipe: recipe).signature(
      of: .init(
        nonce: nonce, timestamp: timestamp, userID: profile.userID, method: operation.method, path: path,
        query: query, body: body ?? []), by: credentials)
    var request = WireRequest(
      method: operation.method, baseURL: profile.baseURL, path: profile.baseURL.prefix + path, query: query, body: body)
    request.headers = [("accept", "application/json"), ("user-agent", "ebb")]
    if body != nil { request.headers.append(("content-type", "application/json")) }
    request.headers += arguments.headers.map { ($0.name.lowercased(), $0.value) }
    request.headers.append(("access-key", credentials.accessKey))
    if let userID = profile.userID { request.headers.append(("user-id", userID)) }
    switch operation.signing {
    case .headers:
      request.headers += [("timestamp", timestamp), ("nonce-str", nonce), ("signature", signature)]
    case .query:
      // The access key goes along in its header although the warehouse pages do not list it: without it nobody could
      // tell whose signature this is. So does the nonce, where the recipe signs it.
      if recipe.payload.uses(.nonce) { request.headers.append(("nonce-str", nonce)) }
      let own = Self.query([("timestamp", timestamp), ("sign", signature)])
      request.query = query.isEmpty ? own : "\(query)&\(own)"
    }
    return request
  }

  /// How the operation is signed.
  func recipe(for operation: Operation) -> SigningRecipe {
    operation.signing == .query ? profile.warehouseSigning : profile.signing
  }

  private func path(of operation: Operation, _ arguments: Arguments) throws(Failure) -> String {
    do {
      return try PathTemplate(profile.paths[operation.id] ?? operation.path).filled(with: arguments.path)
    } catch {
      switch error {
      case .unusableValue(let name):
        throw Failure(
          .invalid, "\(operation.id): \(name) is empty or consists of dots, which would ask for another path",
          label: "path_value")
      case .missingValue(let name):
        throw Failure(
          .invalid, "\(operation.id): nothing was given for {\(name)} of its path",
          hint: "the operation's own path is \(operation.path)", label: "path_parameter")
      case .unusedValue(let name):
        throw Failure(
          .invalid, "\(operation.id): the path that the profile gives has no {\(name)}",
          hint: "the operation's own path is \(operation.path)", label: "path_parameter")
      }
    }
  }

  private static func query(_ fields: [(name: String, value: String)]) -> String {
    fields.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
  }
}
