import Journal
import Testing

@testable import Playbooks

/// A group of branches whose fates are fixed beforehand, played in a given order of endings.
private struct Group: Sendable, CustomTestStringConvertible {
  let count: Int
  let concurrency: Int
  let failing: Set<Int>
  var testDescription: String { "\(count) by \(concurrency), failing \(failing.sorted())" }

  /// All groups of up to four branches, at most three at once, with every set of failures.
  static let all: [Group] = (1...4).flatMap { count in
    (1...3).flatMap { concurrency in
      (0..<(1 << count)).map { bits in
        Group(count: count, concurrency: concurrency, failing: Set((1...count).filter { bits >> ($0 - 1) & 1 == 1 }))
      }
    }
  }
}

@Suite struct BranchTreeTests {
  typealias Tree = BranchTree<String>

  @Test(arguments: Group.all)
  fileprivate func everyOrderOfEndingsIsSound(_ group: Group) {
    var tree = Tree(main: "main")
    let (id, actions) = tree.openGroup(from: "main", count: group.count, concurrency: group.concurrency)
    follow(tree, group, id: id, actions, live: [], opened: 0, failed: [])
  }

  /// Takes every branch that is live as the next to end, and checks what the tree answers, to the end of the group.
  private func follow(
    _ tree: Tree, _ group: Group, id: Int, _ actions: [Tree.Action], live: [Int], opened: Int, failed: Set<Int>
  ) {
    var (tree, live, opened) = (tree, live, opened)
    for action in actions {
      guard case .open(id, let index) = action else { return unexpected(action) }
      #expect(failed.isEmpty, "nothing is opened after a failure")
      #expect(index == opened + 1, "branches open in order")
      opened = index
      live.append(index)
      tree.opened("b\(index)", group: id, index: index)
    }
    #expect(live.count <= group.concurrency)
    if failed.isEmpty { #expect(live.count == min(group.concurrency, group.count - opened + live.count)) }
    for index in live {
      var next = tree
      let fails = group.failing.contains(index)
      let answer = next.ended("b\(index)", failed: fails)
      let rest = live.filter { $0 != index }
      let failures = fails ? failed.union([index]) : failed
      if rest.isEmpty, let first = failures.min() {
        #expect(answer == [.fail(group: id, parent: "main", index: first)])
      } else if rest.isEmpty, opened == group.count {
        #expect(answer == [.complete(group: id, parent: "main")])
      } else {
        for other in rest { #expect(next.mustStop("b\(other)") == !failures.isEmpty) }
        #expect(!next.mustStop("main"))
        follow(next, group, id: id, answer, live: rest, opened: opened, failed: failures)
      }
    }
  }

  @Test func pathsCountStepsAndBranches() {
    var tree = Tree(main: "main")
    #expect(tree.lastStep(of: "main").description == "")
    #expect(tree.nextStep(in: "main").description == "1")
    let (group, _) = tree.openGroup(from: "main", count: 2, concurrency: 2)
    #expect(tree.path(ofGroup: group).description == "2")
    tree.opened("a", group: group, index: 1)
    tree.opened("b", group: group, index: 2)
    #expect(tree.path(of: "b").description == "2/2")
    #expect(tree.lastStep(of: "b").description == "2/2")
    #expect(tree.nextStep(in: "b").description == "2/2/1")
    #expect(tree.nextStep(in: "b").description == "2/2/2")
    #expect(tree.lastStep(of: "b").description == "2/2/2")
    #expect(tree.nextStep(in: "a").description == "2/1/1")
    _ = tree.ended("a", failed: false)
    #expect(tree.ended("b", failed: false) == [.complete(group: group, parent: "main")])
    #expect(tree.nextStep(in: "main").description == "3")
  }

  @Test func notesAreCountedBehindTheirStep() {
    var tree = Tree(main: "main")
    var places: [String] = []
    func note() {
      let place = tree.nextNote(in: "main")
      places.append("\(place.after)#\(place.ordinal)")
    }
    note()
    note()
    _ = tree.nextStep(in: "main")
    note()
    _ = tree.openGroup(from: "main", count: 1, concurrency: 1)
    note()
    note()
    #expect(places == ["#1", "#2", "1#1", "2#1", "2#2"])
  }

  /// main ─ outer 1: a; outer 2: b ─ inner 1: c, inner 2: d
  private func nested() -> (tree: Tree, outer: Int, inner: Int) {
    var tree = Tree(main: "main")
    let outer = tree.openGroup(from: "main", count: 3, concurrency: 2).group
    tree.opened("a", group: outer, index: 1)
    tree.opened("b", group: outer, index: 2)
    let inner = tree.openGroup(from: "b", count: 3, concurrency: 2).group
    tree.opened("c", group: inner, index: 1)
    tree.opened("d", group: inner, index: 2)
    return (tree, outer, inner)
  }

  @Test func aFailureBesideTheParentStopsTheInnerBranches() {
    var (tree, outer, inner) = nested()
    #expect(tree.ended("a", failed: true).isEmpty)
    #expect(["b", "c", "d"].allSatisfy { tree.mustStop($0) } && !tree.mustStop("main"))
    #expect(tree.ended("c", failed: false).isEmpty, "the third inner branch is not opened")
    #expect(tree.ended("d", failed: false) == [.stop(group: inner, parent: "b")], "b does not go on with half a result")
    #expect(tree.ended("b", failed: false) == [.fail(group: outer, parent: "main", index: 1)])
  }

  @Test func aFailureInsideIsRaisedInTheParentOnly() {
    var (tree, outer, inner) = nested()
    #expect(tree.ended("d", failed: true).isEmpty)
    #expect(tree.mustStop("c") && !tree.mustStop("b") && !tree.mustStop("a"))
    #expect(tree.ended("c", failed: true) == [.fail(group: inner, parent: "b", index: 1)])
    #expect(
      tree.ended("b", failed: false) == [.open(group: outer, index: 3)], "b caught it, and the outer group goes on")
  }

  @Test func theInnerGroupEndsBeforeItsParent() {
    var (tree, outer, inner) = nested()
    #expect(tree.ended("c", failed: false) == [.open(group: inner, index: 3)])
    tree.opened("e", group: inner, index: 3)
    #expect(tree.ended("d", failed: false).isEmpty)
    #expect(tree.ended("e", failed: false) == [.complete(group: inner, parent: "b")])
    #expect(tree.ended("b", failed: true).isEmpty)
    #expect(tree.ended("a", failed: true) == [.fail(group: outer, parent: "main", index: 1)])
  }
}
