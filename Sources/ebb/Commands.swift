import ArgumentParser

extension Ebb {
  /// Every command, in the order in which `ebb --help` lists them.
  static let commands: [any ParsableCommand.Type] = [
    DemoCommand.self,
    RunCommand.self,
    PlanCommand.self,
    ApplyCommand.self,
    ServeCommand.self,
    EnableCommand.self,
    PromoteCommand.self,
    DisableCommand.self,
    ScheduleCommand.self,
    WhyCommand.self,
    EventsCommand.self,
    CallbacksCommand.self,
    RunsCommand.self,
    EffectsCommand.self,
    HistoryCommand.self,
    StateCommand.self,
    ApprovalsCommand.self,
    ApproveCommand.self,
    RejectCommand.self,
    HoldCommand.self,
    ReleaseCommand.self,
    HoldsCommand.self,
    FreezeCommand.self,
    ThawCommand.self,
    CallCommand.self,
    ApiCommand.self,
    SimulateCommand.self,
    StoreCommand.self,
    ConfigCommand.self,
  ]
}
