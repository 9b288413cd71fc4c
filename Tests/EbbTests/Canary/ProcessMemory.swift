import Foundation

/// What a process has in its memory, as a core dump would have it: all that it may write to.
struct ProcessMemory {
  /// The bytes of each region.
  let regions: [[UInt8]]

  /// Reads the memory of a process that is stopped meanwhile; nil where the system does not let this one look into it.
  init?(of process: Int32) {
    kill(process, SIGSTOP)
    defer { kill(process, SIGCONT) }
    guard let map = try? String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8) else { return nil }
    let memory = open("/proc/\(process)/mem", O_RDONLY)
    guard memory >= 0 else { return nil }
    defer { close(memory) }
    regions = map.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard fields.count > 1, fields[1].hasPrefix("rw"), ends.count == 2 else { return nil }
      return Self.read(memory, from: ends[0], to: ends[1])
    }
  }

  /// What was never touched cannot be read, or is zero; it is left out.
  private static func read(_ memory: Int32, from start: UInt64, to end: UInt64) -> [UInt8] {
    let page = 1 << 16
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: page)
    var place = start
    while place < end {
      let wanted = min(page, Int(end - place))
      let count = pread(memory, &buffer, wanted, off_t(Int64(bitPattern: place)))
      if count > 0, buffer[..<count].contains(where: { $0 != 0 }) { bytes += buffer[..<count] }
      place += UInt64(wanted)
    }
    return bytes
  }
}
