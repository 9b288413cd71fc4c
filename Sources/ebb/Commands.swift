import ArgumentParser

extension Ebb {
  /// Every command, in the order in which `ebb --help` lists them.
  static let commands: [any ParsableCommand.Type] = [
    ApiCommand.self,
    CallCommand.self,
    SimulateCommand.self,
    ConfigCommand.self,
  ]
}
