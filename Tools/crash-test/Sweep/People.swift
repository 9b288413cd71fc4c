import JSON
import Journal
import Marketplace

/// The people of a trial: they answer what a run asks, and settle what it cannot know by looking at what took effect.
struct People {
  let workload: Workload

  /// What they do about a run that waits for them.
  func deeds(for state: RunState, seeing writes: [Shop.Sent]) -> [WorkerJob.Deed] {
    var deeds = state.questions.map { question in
      let approve = workload.rejects.map { !question.text.contains($0) } ?? true
      return WorkerJob.Deed.decide(approval: question.id, digest: question.digest, approve: approve)
    }
    guard state.waitsFor == "settlement" else { return deeds }
    for write in state.writes where write.state.isLive {
      let isDone = writes.contains { $0.tookEffect && Self.matches(write, $0) }
      deeds.append(
        .settle(run: state.run, path: write.path, attempt: write.attempt, state: isDone ? .confirmed : .notDone))
    }
    return deeds
  }

  /// Whether what reached the marketplace is that write: every scalar and list of scalars of the one is in the other.
  private static func matches(_ write: RunState.Write, _ sent: Shop.Sent) -> Bool {
    guard write.operation == sent.operation, let arguments = write.arguments.object else { return false }
    return arguments.keys.allSatisfy { key in
      guard let given = arguments[key] else { return true }
      if let text = given.scalarText { return sent.arguments[key]?.scalarText == text }
      guard let list = given.array, list.allSatisfy({ $0.scalarText != nil }) else { return true }
      return sent.arguments[key]?.array?.map(\.scalarText) == list.map(\.scalarText)
    }
  }
}
