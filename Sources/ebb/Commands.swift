import ArgumentParser

extension Ebb {
  /// Every command, in the order in which `ebb --help` lists them.
  static let commands: [any ParsableCommand.Type] = [
    DemoCommand.self,
    RunCommand.self,
    CallCommand.self,
    ApiCommand.self,
    SimulateCommand.self,
    StoreCommand.self,
    ConfigCommand.self,
  ]
}
