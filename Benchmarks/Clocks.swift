import Foundation

/// Seconds of CPU time that this thread has taken.
func threadSeconds() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

/// Seconds on a clock that never goes back.
func wallSeconds() -> Double { seconds(CLOCK_MONOTONIC) }

private func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Milliseconds since 1970 by the machine's wall clock, with their fractions.
func wallMilliseconds() -> Double { seconds(CLOCK_REALTIME) * 1000 }

/// Seconds of CPU time that a process has taken so far, its own and the system's.
func processSeconds(_ process: Int32) -> Double {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
    let end = text.lastIndex(of: ")")
  else { return .nan }
  // The 14th and 15th words of the line; those from the third on come after the name.
  let words = text[end...].split(separator: " ").dropFirst()
  let ticks = words.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
  return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// A figure of a process in kilobytes, as `/proc` has it: `VmRSS` for what is in memory, `VmHWM` for the most that was.
func processKilobytes(_ process: Int32, _ name: String) -> Double {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
    let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") })
  else { return .nan }
  return line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? .nan
}

/// Bytes of this process that are in memory.
func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 128)
  guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
  let words = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
    separator: " ")
  guard words.count > 1, let pages = Int(words[1]) else { return 0 }
  return pages * sysconf(Int32(_SC_PAGESIZE))
}
