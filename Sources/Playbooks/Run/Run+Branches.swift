import Catalogue
import JSON
import Journal
import Lua
import PandaPon

extension Run {
  // MARK: Resuming

  /// Resumes branches until none can go on, then delivers the next result, and so on: so many at most that a run whose
  /// branches never wait leaves its thread to others in between.
  func runReady(atMost most: Int = 256) {
    var resumed = 0
    while ending == nil, resumed < most, let world {
      guard let (branch, resumption) = ready.popFirst() ?? nextDelivery().map(hand(over:)) else { break }
      resumed += 1
      world.lua.now = script.now(in: branch)
      switch world.lua.resume(branch, with: resumption) {
      case .suspended:
        if let asked = script.takeAsked() { begin(asked) }
      case .finished(let value):
        if branch == mainBranch {
          result = value.flatMap { try? JSON(parsing: $0) }
          ending = replay.missing().map(Ending.diverged) ?? .finished
        } else {
          perform(script.tree.ended(branch, failed: false), after: branch, error: nil)
        }
      case .failed(let error):
        if branch == mainBranch || error.isLimit {
          // A limit ends a script wherever it is, and says nothing about its journal.
          let missing = error.isLimit ? nil : replay.missing()
          ending = missing.map(Ending.diverged) ?? .failed(RunFailure(error))
        } else {
          perform(script.tree.ended(branch, failed: true), after: branch, error: error)
        }
      }
    }
    if ending != nil { ready.removeAll() }
  }

  func perform(_ actions: [BranchTree<LuaBranch>.Action], after ended: LuaBranch?, error: LuaError?) {
    if let ended {
      if let place = places.removeValue(forKey: ended) {
        if let error { failures[place.group, default: [:]][place.index] = error }
        if let group = groups[place.group] {
          groups[place.group]?.latest = max(group.latest, script.now(in: ended))
        }
      }
      script.forget(ended)
    }
    for action in actions {
      switch action {
      case .open(let group, let index):
        guard let world, let opened = groups[group] else { continue }
        let path = script.tree.path(ofGroup: group).appending(index)
        let branch = world.lua.start(opened.function, seed: RunScript.seed(run: assignment.id, path: path))
        script.tree.opened(branch, group: group, index: index)
        script.inherit(branch, from: opened.parent)
        places[branch] = (group, index)
        ready.append((branch, .start([.integer(Int64(index))])))
      case .complete(let group, let parent):
        close(group, parent)
        ready.append((parent, .returns([])))
      case .fail(let group, let parent, let index):
        let error = failures[group]?[index]
        close(group, parent)
        var fields =
          error?.value?.object ?? ["code": "script", "message": .string(error?.message ?? "a branch failed")]
        fields["branch"] = .integer(Int64(index))
        ready.append((parent, .raises(LuaRaise(fields: .object(fields)))))
      case .stop(let group, let parent):
        close(group, parent)
        perform(script.tree.ended(parent, failed: false), after: parent, error: nil)
      }
    }
  }

  /// The parent goes on with the time of the branch that saw the latest.
  func close(_ group: Int, _ parent: LuaBranch) {
    if let latest = groups[group]?.latest { script.advance(parent, to: latest) }
    groups[group] = nil
    failures[group] = nil
  }
}
