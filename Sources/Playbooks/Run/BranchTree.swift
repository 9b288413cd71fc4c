import Journal

/// The branches of a run: which opened which, which step each is at, and what happens when one of them ends.
///
/// A value: its methods answer what to do next, and the run does it. `Branch` is the name a Lua state gives a
/// coroutine.
struct BranchTree<Branch: Hashable> {
  /// What a change of the tree calls for.
  enum Action: Equatable {
    /// Open the branch of that index (from 1) in the group.
    case open(group: Int, index: Int)
    /// All branches of the group ended well: the call that opened it returns.
    case complete(group: Int, parent: Branch)
    /// The group is over, and the branch of that index failed first: the call that opened it raises its error.
    case fail(group: Int, parent: Branch, index: Int)
    /// The group is over, and the branch that opened it must stop as well: it does not go on from the call.
    case stop(group: Int, parent: Branch)
  }

  private struct Node {
    let path: StepPath
    let group: Int?
    let index: Int
    var steps = 0
    var lastStep: StepPath
    var notes = 0
  }

  private struct Group {
    let parent: Branch
    let path: StepPath
    let count: Int
    let concurrency: Int
    var opened = 0
    var live = 0
    var failures: Set<Int> = []
  }

  private var nodes: [Branch: Node] = [:]
  private var groups: [Int: Group] = [:]
  private var nextGroup = 1

  /// A tree whose only branch is the script's main line.
  init(main: Branch) {
    nodes[main] = Node(path: StepPath(), group: nil, index: 0, lastStep: StepPath())
  }

  /// The path of the branch's next step.
  mutating func nextStep(in branch: Branch) -> StepPath {
    guard var node = nodes[branch] else { return StepPath() }
    node.steps += 1
    node.lastStep = node.path.appending(node.steps)
    node.notes = 0
    nodes[branch] = node
    return node.lastStep
  }

  /// Where a note of the branch stands: behind its last step, counted from 1.
  mutating func nextNote(in branch: Branch) -> (after: StepPath, ordinal: Int) {
    guard nodes[branch] != nil else { return (StepPath(), 0) }
    nodes[branch]?.notes += 1
    return (nodes[branch]?.lastStep ?? StepPath(), nodes[branch]?.notes ?? 0)
  }

  /// The branch's last step; its own path where it took none.
  func lastStep(of branch: Branch) -> StepPath {
    nodes[branch]?.lastStep ?? StepPath()
  }

  /// The branch's own path; the seed of its random numbers is made from it.
  func path(of branch: Branch) -> StepPath {
    nodes[branch]?.path ?? StepPath()
  }

  /// The path of the step that opened the group.
  func path(ofGroup group: Int) -> StepPath {
    groups[group]?.path ?? StepPath()
  }

  /// Opens a group of branches from a branch, which waits for it; it takes one step of the parent.
  mutating func openGroup(from parent: Branch, count: Int, concurrency: Int) -> (group: Int, actions: [Action]) {
    let path = nextStep(in: parent)
    let group = nextGroup
    nextGroup += 1
    groups[group] = Group(parent: parent, path: path, count: count, concurrency: concurrency)
    return (group, openMore(in: group))
  }

  /// Takes note of the branch that was made for an `open` action.
  mutating func opened(_ branch: Branch, group: Int, index: Int) {
    let path = (groups[group]?.path ?? StepPath()).appending(index)
    nodes[branch] = Node(path: path, group: group, index: index, lastStep: path)
  }

  /// A branch ended, well or not; or it was stopped at a step, which ends it as well.
  mutating func ended(_ branch: Branch, failed: Bool) -> [Action] {
    guard let node = nodes.removeValue(forKey: branch), let id = node.group, var group = groups[id] else { return [] }
    group.live -= 1
    if failed { group.failures.insert(node.index) }
    groups[id] = group
    let more = openMore(in: id)
    if !more.isEmpty { return more }
    guard group.live == 0 else { return [] }
    groups[id] = nil
    if let first = group.failures.min() { return [.fail(group: id, parent: group.parent, index: first)] }
    if mustStop(group.parent) { return [.stop(group: id, parent: group.parent)] }
    return [.complete(group: id, parent: group.parent)]
  }

  /// Whether the branch must stop at its next step, because one beside it or above it failed.
  func mustStop(_ branch: Branch) -> Bool {
    var current = branch
    while let node = nodes[current], let id = node.group, let group = groups[id] {
      if !group.failures.isEmpty { return true }
      current = group.parent
    }
    return false
  }

  private mutating func openMore(in id: Int) -> [Action] {
    guard var group = groups[id], group.failures.isEmpty, !mustStop(group.parent) else { return [] }
    var actions: [Action] = []
    while group.opened < group.count, group.live < group.concurrency {
      group.opened += 1
      group.live += 1
      actions.append(.open(group: id, index: group.opened))
    }
    groups[id] = group
    return actions
  }
}
