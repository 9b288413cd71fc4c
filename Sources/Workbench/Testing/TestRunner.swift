public import Catalogue
import Lua

/// Runs files of tests, several tests at once.
public struct TestRunner: Sendable {
  private let catalogue: Catalogue
  private let filter: String?
  private let isUpdating: Bool
  private let mayAddSnapshots: Bool
  private let width: Int
  private let worlds: Int
  private let coverage: CoverageBook?
  private let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - filter: only tests whose name, or file and name, have this in them.
  ///   - isUpdating: whether snapshots become what is now.
  ///   - mayAddSnapshots: whether what has none gets one.
  ///   - width: the most tests at once.
  ///   - worlds: how many random worlds each `worlds` is held against.
  ///   - coverage: told which lines of playbooks ran.
  ///   - say: told what tests print, a line each.
  public init(
    catalogue: Catalogue, filter: String? = nil, isUpdating: Bool = false, mayAddSnapshots: Bool = true, width: Int = 4,
    worlds: Int = 50, coverage: CoverageBook? = nil, say: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.catalogue = catalogue
    self.filter = filter
    self.isUpdating = isUpdating
    self.mayAddSnapshots = mayAddSnapshots
    self.width = max(1, width)
    self.worlds = max(1, worlds)
    self.coverage = coverage
    self.say = say
  }

  private struct Item: Sendable {
    let file: TestFile
    let place: Int
    let name: String
    let snapshots: SnapshotBook
  }

  /// Runs all tests of the files; the outcomes are in the order of the files and of the tests in them.
  ///
  /// A file that cannot be loaded is one test that failed.
  public func run(_ files: [TestFile], observe: @escaping @Sendable (TestOutcome) -> Void = { _ in }) async throws
    -> [TestOutcome]
  {
    var outcomes: [Int: TestOutcome] = [:]
    var books: [SnapshotBook] = []
    var position = 0
    var order: [(position: Int, item: Item)] = []
    for file in files {
      let book = SnapshotBook(for: file, isUpdating: isUpdating, mayAdd: mayAddSnapshots)
      books.append(book)
      do throws(LuaError) {
        for (index, name) in try await TestCase(file, worlds: worlds, snapshots: book).names().enumerated()
        where isWanted(name, file) {
          order.append((position, Item(file: file, place: index + 1, name: name, snapshots: book)))
          position += 1
        }
      } catch {
        let outcome = TestOutcome(file: file.path, name: "(the file)", failure: .init(error), took: .zero)
        outcomes[position] = outcome
        position += 1
        observe(outcome)
      }
    }
    await withTaskGroup(of: (Int, TestOutcome).self) { group in
      var next = 0
      func add() {
        guard next < order.count else { return }
        let (place, item) = order[next]
        next += 1
        group.addTask { (place, await outcome(of: item)) }
      }
      for _ in 0..<width { add() }
      while let (place, outcome) = await group.next() {
        outcomes[place] = outcome
        observe(outcome)
        add()
      }
    }
    for book in books { try book.save() }
    return outcomes.sorted { $0.key < $1.key }.map(\.value)
  }

  private func isWanted(_ name: String, _ file: TestFile) -> Bool {
    guard let filter else { return true }
    return name.contains(filter) || "\(file.path) \(name)".contains(filter)
  }

  private func outcome(of item: Item) async -> TestOutcome {
    let began = ContinuousClock.now
    let stage = TestStage(item.file, catalogue: catalogue, coverage: coverage)
    let failure = await TestCase(item.file, worlds: worlds, snapshots: item.snapshots).run(
      item.place, named: item.name, on: stage, say: say)
    return TestOutcome(file: item.file.path, name: item.name, failure: failure, took: ContinuousClock.now - began)
  }
}
