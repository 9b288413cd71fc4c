import ServiceLifecycle

/// One part of `ebb serve` that goes on until the whole is told to stop, and then ends by the end of its task.
struct ServedLoop: ServiceLifecycle.Service {
  private let body: @Sendable () async -> Void

  /// A part that does this until its task is cancelled.
  init(_ body: @escaping @Sendable () async -> Void) {
    self.body = body
  }

  func run() async {
    await cancelWhenGracefulShutdown(body)
  }
}

/// One part of `ebb serve` that has nothing to do but to end something once the whole is told to stop.
struct ServedEnd: ServiceLifecycle.Service {
  private let end: @Sendable () async -> Void

  /// A part that does this at its end.
  init(_ end: @escaping @Sendable () async -> Void) {
    self.end = end
  }

  func run() async {
    try? await gracefulShutdown()
    await end()
  }
}
