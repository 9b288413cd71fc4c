/// Which operation a method and a path name; built from the catalogue, so nothing is routed that it does not list.
struct Routes: Sendable {
  /// One operation's place.
  struct Route: Sendable, Hashable {
    let operation: String
    let method: String
    /// The path template, e.g. `/open/order/refund/cancel/{refundId}`.
    let path: String
    /// Whether `timestamp` and `sign` stand in the query instead of the headers.
    let signsQuery: Bool
    /// Whether it changes the world.
    var isWrite = false
    /// The arguments in query and body without which it is refused.
    var required: [String] = []
  }

  private var literal: [String: Route] = [:]
  private var templates: [(method: String, segments: [Substring], route: Route)] = []

  init(_ routes: [Route]) {
    for route in routes {
      if route.path.contains("{") {
        templates.append((route.method, route.path.split(separator: "/"), route))
      } else {
        literal["\(route.method) \(route.path)"] = route
      }
    }
  }

  /// The route of a request and the values of its path's placeholders.
  func match(method: String, path: String) -> (route: Route, values: [String: String])? {
    if let route = literal["\(method) \(path)"] { return (route, [:]) }
    let segments = path.split(separator: "/")
    for (wanted, template, route) in templates where wanted == method && template.count == segments.count {
      var values: [String: String] = [:]
      let fits = zip(template, segments).allSatisfy { pattern, segment in
        guard pattern.hasPrefix("{"), pattern.hasSuffix("}") else { return pattern == segment }
        values[String(pattern.dropFirst().dropLast())] = RequestTarget.decoded(segment)
        return true
      }
      if fits { return (route, values) }
    }
    return nil
  }
}
