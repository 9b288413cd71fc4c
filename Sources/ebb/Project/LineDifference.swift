/// What differs between two texts, line by line, as people read it: `-` was, `+` is, three lines around each change.
struct LineDifference {
  /// One line of the comparison.
  private enum Line {
    case same(String)
    case was(String)
    case now(String)
  }

  private var lines: [Line] = []
  private static let around = 3

  init(from old: String, to new: String) {
    let (before, after) = (Self.lines(old), Self.lines(new))
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in after.difference(from: before) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      if removed.contains(left) {
        lines.append(.was(before[left]))
        left += 1
      } else if inserted.contains(right) {
        lines.append(.now(after[right]))
        right += 1
      } else {
        lines.append(.same(before[left]))
        left += 1
        right += 1
      }
    }
  }

  /// Whether nothing differs.
  var isEmpty: Bool {
    lines.allSatisfy { if case .same = $0 { true } else { false } }
  }

  /// The changes, each with the lines around it; `@@` and the new text's line number before each.
  var text: String {
    var result: [String] = []
    var shownTo = 0
    var number = 1
    let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
    let wanted = Set(changed.flatMap { max(0, $0 - Self.around)...min(lines.count - 1, $0 + Self.around) })
    for (index, line) in lines.enumerated() {
      if wanted.contains(index) {
        if shownTo != index || index == 0 { result.append("@@ line \(number)") }
        shownTo = index + 1
        switch line {
        case .same(let text): result.append("  " + text)
        case .was(let text): result.append("- " + text)
        case .now(let text): result.append("+ " + text)
        }
      }
      if case .was = line { continue }
      number += 1
    }
    return result.joined(separator: "\n")
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
