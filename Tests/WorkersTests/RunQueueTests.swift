import JSON
import Journal
import Testing

@testable import Workers

@Suite struct RunQueueTests {
  private func run(_ id: String, _ playbook: String = "p", _ profile: String = "shop") -> RunRecord {
    RunRecord(
      id: RunID(id), playbook: playbook, version: "v", profile: profile, trigger: .schedule, parameters: [:], started: 0
    )
  }

  private func drain(_ queue: inout RunQueue) -> [String] {
    var ids: [String] = []
    while let run = queue.next() { ids.append(run.id.text) }
    return ids
  }

  /// A hundred runs of one playbook do not keep the one run of another waiting.
  @Test func eachPlaybookHasItsTurn() {
    var queue = RunQueue()
    for index in 0..<5 { queue.append(run("a\(index)", "a")) }
    queue.append(run("b0", "b"))
    queue.append(run("a5", "a", "other shop"))
    #expect(drain(&queue) == ["a0", "b0", "a5", "a1", "a2", "a3", "a4"])
    #expect(queue.runningCount == 7 && queue.isEmpty)
  }

  @Test func theLimitsHold() {
    var limits = RunQueue.Limits()
    (limits.overall, limits.perProfile, limits.perPlaybook) = (5, 3, 2)
    var queue = RunQueue(limits)
    for index in 0..<4 { queue.append(run("a\(index)", "a")) }
    for index in 0..<4 { queue.append(run("b\(index)", "b")) }
    for index in 0..<4 { queue.append(run("c\(index)", "c", "two")) }
    #expect(drain(&queue) == ["a0", "b0", "c0", "a1", "c1"])
    queue.finish("b0")
    #expect(drain(&queue) == ["b1"])
    queue.finish("c0")
    queue.finish("c1")
    #expect(drain(&queue) == ["c2", "c3"])
  }

  /// A shop or a playbook with a limit of its own goes by that one.
  @Test func singleShopsAndPlaybooksHaveLimitsOfTheirOwn() {
    var limits = RunQueue.Limits()
    limits.profiles = ["small": 2]
    limits.playbooks = ["slow": 1]
    var queue = RunQueue(limits)
    for index in 0..<3 { queue.append(run("s\(index)", "slow", "large")) }
    for index in 0..<3 { queue.append(run("t\(index)", "quick", "small")) }
    for index in 0..<3 { queue.append(run("u\(index)", "quick", "large")) }
    #expect(drain(&queue) == ["s0", "t0", "u0", "t1", "u1", "u2"])
    queue.finish("s0")
    queue.finish("t1")
    #expect(drain(&queue) == ["s1", "t2"])
  }

  @Test func aRunIsThereOnce() {
    var queue = RunQueue()
    queue.append(run("a"))
    queue.append(run("a"))
    #expect(queue.holds("a") && drain(&queue) == ["a"])
    queue.append(run("a"))
    #expect(drain(&queue).isEmpty)
    queue.finish("a")
    queue.finish("a")
    #expect(!queue.holds("a") && queue.runningCount == 0)
    queue.append(run("a"))
    #expect(drain(&queue) == ["a"])
  }
}
