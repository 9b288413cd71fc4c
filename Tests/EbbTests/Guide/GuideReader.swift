import Foundation
import Testing

/// A reader of the guide who types what is on a page, in a folder and with a home that are empty before.
final class GuideReader {
  private let root: URL
  private var folder: URL
  private var environment: [String: String]
  private var simulators: [SimulatorProcess] = []

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "ebb-guide-\(UUID().uuidString)")
    folder = root.appending(path: "work")
    let home = root.appending(path: "home")
    for folder in [folder, home] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    environment = [
      "PATH": Binary.url.deletingLastPathComponent().path + ":/usr/bin:/bin", "HOME": home.path, "NO_COLOR": "1",
      "LC_ALL": "C.UTF-8", "TERM": "dumb",
    ]
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Types all of it; complains at the first block that is not as shown.
  func read(_ page: GuidePage, named name: String) throws {
    var printed: String?
    for (line, block) in page.blocks {
      switch block {
      case .file(let content, let path):
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: file)
      case .simulator(let arguments):
        let simulator = try SimulatorProcess(arguments)
        environment.merge(simulator.environment) { _, new in new }
        simulators.append(simulator)
      case .shell(let lines, let status):
        let (ended, output) = try type(lines)
        printed = output
        guard ended == status else {
          Issue.record("\(name):\(line): ended with \(ended), not \(status)\n\(output)")
          return
        }
      case .output(let shown):
        let output = try #require(printed, "\(name):\(line): nothing was run before it")
        if let difference = GuidePage.difference(shown, output) {
          Issue.record("\(name):\(line): \(difference)\n\(output)")
          return
        }
      }
    }
    for simulator in simulators { #expect(simulator.interrupt() == 0) }
  }

  /// What the lines print, errors at the end; the shell stays in the folder that they change to.
  private func type(_ lines: String) throws -> (status: Int32, printed: String) {
    let place = root.appending(path: "place")
    let (output, errors) = (root.appending(path: "output"), root.appending(path: "errors"))
    let status = try shell(
      ["-euc", "cd '\(folder.path)'\ntrap 'pwd > \(place.path)' EXIT\n" + lines], output: output, errors: errors)
    folder = URL(filePath: try String(contentsOf: place, encoding: .utf8).trimmingCharacters(in: .newlines))
    let printed = try String(contentsOf: output, encoding: .utf8) + String(contentsOf: errors, encoding: .utf8)
    return (status, printed)
  }

  /// Runs a shell to its end, and gives its status; negative where a signal ended it.
  ///
  /// Not by Foundation's `Process`: that waits for everything the shell leaves in the background as well.
  private func shell(_ arguments: [String], output: URL, errors: URL) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.path, writing, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors.path, writing, 0o600)
    // What the shell leaves in the background must not keep open what other tests wait for.
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      if let descriptor = Int32(name), descriptor > 2 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
    var words = (["sh"] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    guard posix_spawn(&process, "/bin/sh", &actions, nil, &words, &variables) == 0 else {
      throw POSIXError(.ENOEXEC)
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { throw POSIXError(.ECHILD) } }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }
}
