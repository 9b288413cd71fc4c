import Lua
import Synchronization

/// Which lines of which playbooks ran, and which of their decisions were made.
public final class CoverageBook: Sendable {
  private struct State {
    var ran: [String: Set<Int>] = [:]
    var expected: [String: Set<Int>] = [:]
    var reasons: [String: Set<String>] = [:]
    var sites: [String: [DecisionSites.Site]] = [:]
  }

  private let state = Mutex(State())

  /// An empty book.
  public init() {}

  /// How much of one file ran.
  public struct Page: Sendable {
    /// The file, as people name it.
    public let file: String
    /// How many lines do something.
    public let lines: Int
    /// Those that never ran, in order.
    public let missed: [Int]

    /// How many reasons it has for its decisions, as far as its source tells.
    public let decisions: Int
    /// Those that no decision had, with their lines, in order.
    public let undecided: [(line: Int, reason: String)]

    /// From 0 to 1; 1 for a file that does nothing.
    public var share: Double { lines == 0 ? 1 : Double(lines - missed.count) / Double(lines) }
  }

  /// One page for each file that was played, in the order of their names; files that were only required have one as well.
  public var pages: [Page] {
    state.withLock { state in
      state.expected.sorted { $0.key < $1.key }.map { file, lines in
        let sites = state.sites[file] ?? []
        let made = state.reasons[file] ?? []
        return Page(
          file: file, lines: lines.count, missed: lines.subtracting(state.ran[file] ?? []).sorted(),
          decisions: sites.count, undecided: sites.filter { !made.contains($0.reason) }.map { ($0.line, $0.reason) })
      }
    }
  }

  func note(_ file: String, _ line: Int) {
    state.withLock { _ = $0.ran[file, default: []].insert(line) }
  }

  /// Counts the reasons that decisions of a playbook had.
  func note(_ reasons: some Sequence<String>, of file: String) {
    state.withLock { $0.reasons[file, default: []].formUnion(reasons) }
  }

  /// Counts a file's lines and decisions, once.
  func expect(_ source: [UInt8], of file: String) throws(LuaError) {
    guard state.withLock({ $0.expected[file] == nil }) else { return }
    let lines = try LuaState(seed: 0).executableLines(of: source, name: file)
    let texts = String(decoding: source, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    // A line that only closes what is open does nothing that a test could miss.
    let own = lines.filter { line in
      guard texts.indices.contains(line - 1) else { return false }
      let words = texts[line - 1].split { " \t\r,;)}".contains($0) }
      return words.contains { $0 != "end" && !$0.hasPrefix("--") }
    }
    let sites = DecisionSites(of: source).sites
    state.withLock { state in
      state.expected[file] = own
      state.sites[file] = sites
    }
  }
}
