import Foundation
import JSON

/// A page of `docs/guide`, as the blocks that a reader would type.
struct GuidePage {
  /// What a block asks for.
  enum Block {
    /// Lines for a shell, and the status that the last of them ends with.
    case shell(String, status: Int32)
    /// Arguments of `ebb simulate`, which goes on to the end of the page.
    case simulator([String])
    /// What the block before printed; `…` stands for any text, alone in a line for any lines.
    case output([String])
    /// A file to be written before what follows.
    case file(String, path: String)
  }

  /// A block that nobody could run or hold against anything.
  struct Problem: Error, CustomStringConvertible {
    let line: Int
    let words: String
    var description: String { "line \(line): \(words)" }
  }

  let blocks: [(line: Int, block: Block)]

  init(_ text: String) throws {
    var blocks: [(line: Int, block: Block)] = []
    var (start, info, lines): (Int, String, [String]?) = (0, "", nil)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).enumerated() {
      if let content = lines {
        guard line == "```" else {
          lines = content + [line]
          continue
        }
        blocks.append((start, try Self.block(info, content, line: start)))
        lines = nil
      } else if line.hasPrefix("```") {
        (start, info, lines) = (index + 1, String(line.dropFirst(3)), [])
      }
    }
    if lines != nil { throw Problem(line: start, words: "the block has no end") }
    self.blocks = blocks
  }

  private static func block(_ info: String, _ lines: [String], line: Int) throws -> Block {
    let words = info.split(separator: " ").map(String.init)
    let content = lines.map { $0 + "\n" }.joined()
    switch (words.first, words.dropFirst().first, words.count) {
    case ("sh", nil, 1): return .shell(content, status: 0)
    case ("sh", "exits", 3):
      if let status = Int32(words[2]) { return .shell(content, status: status) }
    case ("sh", "simulate", 2):
      let command = content.split(whereSeparator: \.isWhitespace).map(String.init)
      if command.starts(with: ["ebb", "simulate"]) { return .simulator(Array(command.dropFirst(2))) }
    case ("text", nil, 1): return .output(lines)
    case ("lua"?, let path?, 2), ("yaml"?, let path?, 2), ("csv"?, let path?, 2), ("json"?, let path?, 2):
      return .file(content, path: path)
    default: break
    }
    throw Problem(line: line, words: "nobody runs a block of \"\(info)\"")
  }

  /// Where what was printed is not what the page shows; nil where it is.
  static func difference(_ shown: [String], _ printed: String) -> String? {
    func trimmed(_ lines: [String]) -> [String] {
      var lines = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
      while lines.last == "" { lines.removeLast() }
      return lines
    }
    let wanted = trimmed(shown)
    let got = trimmed(printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    // Which prefixes of what was printed fit those of what is shown.
    var (fitting, furthest) = (Set([0]), 0)
    for (place, line) in wanted.enumerated() {
      var next = Set<Int>()
      if line.trimmingCharacters(in: .whitespaces) == "…" {
        if let first = fitting.min() { next = Set(first...got.count) }
      } else {
        for position in fitting where position < got.count && fits(line, got[position]) { next.insert(position + 1) }
      }
      guard let last = next.max() else {
        furthest = fitting.max() ?? 0
        return
          "line \(place + 1) is \"\(line)\" on the page, and \"\(furthest < got.count ? got[furthest] : "(the end)")\""
      }
      (fitting, furthest) = (next, last)
    }
    return fitting.contains(got.count) ? nil : "after the last line of the page comes \"\(got[furthest])\""
  }

  private static func fits(_ pattern: String, _ line: String) -> Bool {
    let parts = pattern.components(separatedBy: "…")
    guard parts.count > 1 else { return pattern == line }
    guard line.hasPrefix(parts[0]) else { return false }
    var rest = line.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let range = part.isEmpty ? rest.startIndex..<rest.startIndex : rest.range(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
