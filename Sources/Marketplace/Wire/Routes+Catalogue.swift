import Catalogue

extension Routes {
  /// The routes of every operation of a catalogue that is no event.
  init(_ catalogue: Catalogue) {
    self.init(
      catalogue.operations.filter { $0.effect != .event }.map { operation in
        let signature: Set<String> = operation.signing == .query ? ["timestamp", "sign"] : []
        let query = operation.parameters.filter { $0.isRequired && $0.location == .query }.map(\.name)
        let body = operation.body?.properties.filter(\.isRequired).map(\.name) ?? []
        return Route(
          operation: operation.id, method: operation.method, path: operation.path,
          signsQuery: operation.signing == .query, isWrite: operation.effect == .write,
          required: (query + body).filter { !signature.contains($0) })
      })
  }
}
