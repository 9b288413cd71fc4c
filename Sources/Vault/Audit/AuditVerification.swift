import Crypto
import JSON

/// Holds a trail against its chain: tells lines that were taken away, changed, put in or cut off.
struct AuditVerification {
  /// What a trail says, and what is wrong with it.
  struct Result {
    var lines: [AuditLine] = []
    var findings: [String] = []
  }

  /// The vault's audit keys, by generation.
  let keys: [Int: SymmetricKey]
  /// The line that the vault knows as the last one of when it was written.
  let head: AuditHead
  /// The number that the trail is known to have reached, by the vault or by the store.
  let known: UInt64

  /// - Parameters:
  ///   - older: the bytes of the file before the present one; empty where there is none.
  ///   - present: those of the present file.
  func verify(older: [UInt8], present: [UInt8]) -> Result {
    var result = Result()
    var chain = Chain()
    for (index, bytes) in [older, present].enumerated() where !bytes.isEmpty {
      verify(bytes, isOldest: index == 0 || older.isEmpty, hasOlder: !older.isEmpty, &chain, &result)
    }
    if chain.last.sequence < known {
      result.findings.append(
        "lines \(chain.last.sequence + 1) to \(known) are missing at the end of the trail")
    }
    if head.sequence > 0, let first = chain.first, first <= head.sequence, chain.last.sequence >= head.sequence,
      chain.codeAtHead != head.code
    {
      result.findings.append("line \(head.sequence) is not the one that the vault knows")
    }
    return result
  }

  private struct Chain {
    var last = AuditHead.none
    var first: UInt64?
    var loose: [UInt8] = []
    var looseLines = 0
    var codeAtHead: [UInt8]?
  }

  private func verify(
    _ bytes: [UInt8], isOldest: Bool, hasOlder: Bool, _ chain: inout Chain, _ result: inout Result
  ) {
    var isFirst = true
    for slice in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast(
      bytes.last == UInt8(ascii: "\n") ? 1 : 0)
    {
      let text = Array(slice)
      guard let line = AuditLine(text), let sequence = line.sequence else {
        chain.loose += text + [UInt8(ascii: "\n")]
        chain.looseLines += 1
        if let line = AuditLine(unkeyed: text) { result.lines.append(line) }
        continue
      }
      result.lines.append(line)
      if isFirst { begin(line, sequence, isOldest: isOldest, hasOlder: hasOlder, &chain, &result) }
      isFirst = false
      check(line, sequence, &chain, &result)
    }
  }

  /// A file begins with the trail's first line, or says what it follows.
  private func begin(
    _ line: AuditLine, _ sequence: UInt64, isOldest: Bool, hasOlder: Bool, _ chain: inout Chain, _ result: inout Result
  ) {
    if chain.first == nil { chain.first = sequence }
    guard line.action == AuditEntry.Action.proceed.rawValue,
      let previous = line.members["prev"]?.string.flatMap({ unhex($0) })
    else { return }
    guard isOldest else { return }
    // What came before the oldest file that is kept is gone by rule; before the present one it is not.
    if !hasOlder && sequence > 1 { result.findings.append("the file before this one is missing") }
    chain.last = AuditHead(sequence: sequence - 1, code: previous)
  }

  private func check(_ line: AuditLine, _ sequence: UInt64, _ chain: inout Chain, _ result: inout Result) {
    if chain.looseLines > 0 {
      let takesIn =
        line.action == AuditEntry.Action.absorb.rawValue
        && line.members["lines"]?.integer == Int64(chain.looseLines)
        && line.members["sha256"]?.string == hex(SHA256.hash(data: chain.loose))
      if !takesIn {
        let lines = chain.looseLines == 1 ? "a line" : "\(chain.looseLines) lines"
        result.findings.append("\(lines) before line \(sequence) were put in, changed or taken away")
      }
    } else if line.action == AuditEntry.Action.absorb.rawValue {
      result.findings.append("lines before line \(sequence) were taken away")
    }
    chain.loose = []
    chain.looseLines = 0
    let expected = chain.last.sequence + 1
    if sequence > expected {
      let lines = sequence - 1 == expected ? "line \(expected) is" : "lines \(expected) to \(sequence - 1) are"
      result.findings.append("\(lines) missing")
    } else if sequence < expected {
      result.findings.append("line \(sequence) stands behind line \(expected - 1)")
    }
    if let key = keys[line.generation] {
      if AuditLine.code(line.body, after: chain.last.code, key) != line.code && sequence == expected {
        result.findings.append("line \(sequence) was changed, or the line before it")
      }
    } else {
      result.findings.append("line \(sequence) is chained by a key that is not in the vault")
    }
    chain.last = AuditHead(sequence: max(sequence, chain.last.sequence), code: line.code)
    if sequence == head.sequence { chain.codeAtHead = line.code }
  }
}
