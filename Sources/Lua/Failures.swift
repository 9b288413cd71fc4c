import CLuaShim
import JSON

extension LuaCore {
  /// Turns C's report of a failed resume into an error.
  func failure(_ outcome: ebb_outcome, _ report: ebb_report) -> LuaError {
    let trace = report.trace?.pointee.listed ?? []
    let skipped = Int(report.trace?.pointee.skipped ?? 0)
    switch outcome {
    case EBB_ENDED_BY_TIME:
      return LuaError(
        kind: .time, message: "the script computed for more than \(milliseconds) ms without a step, and was ended",
        position: trace.first?.position, trace: trace, skippedFrames: skipped)
    case EBB_ENDED_BY_MEMORY:
      return LuaError(
        kind: .memory, message: "the script needed more than \(limits.memory >> 20) MiB of memory, and was ended",
        position: trace.first?.position, trace: trace, skippedFrames: skipped)
    case EBB_FAILED:
      let (message, place) = split(text(report.message, report.message_size), trace: trace)
      let value = report.value.flatMap { start in
        try? JSON(parsing: UnsafeRawBufferPointer(start: start, count: report.value_size), maximumDepth: 65)
      }
      return LuaError(
        kind: .runtime, message: message, value: value, isHostError: report.tagged,
        position: report.positioned ? LuaPosition(report.position) : place ?? trace.first?.position,
        trace: trace, skippedFrames: skipped)
    case EBB_UNREADABLE:
      return LuaError(
        kind: .conversion,
        message: "what the script returned cannot be sent: " + text(report.message, report.message_size),
        position: report.positioned ? LuaPosition(report.position) : nil)
    default:
      return LuaError(kind: .runtime, message: text(report.message, report.message_size))
    }
  }

  private var milliseconds: UInt64 { limits.sliceTicks * 10 }

  /// Takes the place off the front of a message. One inside of the host's own chunks says nothing to a merchant.
  private func split(_ message: String, trace: [LuaFrame]) -> (message: String, position: LuaPosition?) {
    let nowhere = "?:-1: "  // a chunk without debug information, as those of the host are
    if message.hasPrefix(nowhere) { return (String(message.dropFirst(nowhere.count)), nil) }
    guard let (file, line, rest) = placed(message) else { return (message, nil) }
    if file.hasPrefix("[ebb]") { return (rest, nil) }
    if files.contains(where: { $0 == file || (file.hasPrefix("...") && $0.hasSuffix(file.dropFirst(3))) }) {
      let known = files.first { $0.hasSuffix(file.hasPrefix("...") ? String(file.dropFirst(3)) : file) } ?? file
      return (rest, LuaPosition(file: known, line: line))
    }
    return (message, nil)
  }
}

/// The parts of `file:line: message`, or nil where a text is not of that form.
func placed(_ message: String) -> (file: String, line: Int, rest: String)? {
  let bytes = message.utf8
  var colon = bytes.firstIndex(of: UInt8(ascii: ":"))
  while let start = colon {
    let digits = bytes[bytes.index(after: start)...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let rest = bytes[digits.endIndex...]
    if !digits.isEmpty, rest.starts(with: ": ".utf8),
      let line = Int(String(message[digits.startIndex..<digits.endIndex]))
    {
      return (String(message[..<start]), line, String(message[rest.index(rest.startIndex, offsetBy: 2)...]))
    }
    colon = bytes[bytes.index(after: start)...].firstIndex(of: UInt8(ascii: ":"))
  }
  return nil
}
