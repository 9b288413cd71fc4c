import Catalogue

extension Routes {
  /// The routes of every operation of a catalogue that is no event.
  init(_ catalogue: Catalogue) {
    self.init(
      catalogue.operations.filter { $0.effect != .event }.map { operation in
        Route(
          operation: operation.id, method: operation.method, path: operation.path,
          signsQuery: operation.signing == .query)
      })
  }
}
