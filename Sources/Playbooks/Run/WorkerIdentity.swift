import Foundation

/// Names a process for the leases that it holds: `host/boot-id/pid/start-time`.
///
/// No two processes share a name, so that a later one on the same machine can tell whether a holder still lives: the
/// boot's part also holds the process namespace, since a number means another process in another container.
public struct WorkerIdentity: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  /// The boot, and the namespace in which ``process`` counts.
  public let boot: String
  public let process: Int32
  /// When the process began, in clock ticks since the boot.
  public let start: UInt64

  public var description: String { "\(host)/\(boot)/\(process)/\(start)" }

  /// This process.
  public static let current = WorkerIdentity(
    host: hostName, boot: bootName, process: getpid(), start: ProcessState.read(getpid())?.start ?? 0)

  private init(host: String, boot: String, process: Int32, start: UInt64) {
    self.host = host
    self.boot = boot
    self.process = process
    self.start = start
  }

  /// Reads a name back; nil where it is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 4, let process = Int32(parts[2]), process > 0, let start = UInt64(parts[3]) else { return nil }
    self.init(host: String(parts[0]), boot: String(parts[1]), process: process, start: start)
  }

  /// Whether it is known to be gone. A process of another machine or boot is not known of: its leases run out.
  public var isGone: Bool {
    guard host == Self.hostName, boot == Self.bootName else { return false }
    guard let state = ProcessState.read(process) else { return true }
    return state.start != start || state.hasEnded
  }

  /// As a person finds it: `process 4711 on host`.
  public var text: String { "process \(process) on \(host)" }

  /// The machine's name.
  public static let hostName: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.isEmpty ? "localhost" : text.replacing("/", with: "-")
  }()

  private static let bootName: String = {
    let boot = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
    let text = String(decoding: boot, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    // pid:[4026531836]
    let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    return "\(text)-\(namespace?.filter(\.isNumber) ?? "0")"
  }()
}

/// What `/proc` says of a process.
private struct ProcessState {
  /// When it began, in clock ticks since the boot.
  let start: UInt64
  /// Whether it only waits for its parent to take note of its end.
  let hasEnded: Bool

  static func read(_ process: Int32) -> ProcessState? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
    // The second field is the command in brackets, which may hold anything: what follows the last one is counted.
    guard let end = data.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = data[data.index(after: end)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let start = UInt64(String(decoding: fields[19], as: UTF8.self)) else { return nil }
    return ProcessState(start: start, hasEnded: ["Z", "X", "x"].contains(String(decoding: fields[0], as: UTF8.self)))
  }
}
