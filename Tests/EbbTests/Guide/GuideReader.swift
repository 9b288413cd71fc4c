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
    for file in [output, errors] { try Data().write(to: file) }
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-euc", "trap 'pwd > \(place.path)' EXIT\n" + lines]
    shell.currentDirectoryURL = folder
    shell.environment = environment
    shell.standardInput = FileHandle.nullDevice
    // Into files: a command that stays in the background would hold a pipe open.
    shell.standardOutput = try FileHandle(forWritingTo: output)
    shell.standardError = try FileHandle(forWritingTo: errors)
    try shell.run()
    shell.waitUntilExit()
    folder = URL(filePath: try String(contentsOf: place, encoding: .utf8).trimmingCharacters(in: .newlines))
    let printed = try String(contentsOf: output, encoding: .utf8) + String(contentsOf: errors, encoding: .utf8)
    return (shell.terminationStatus, printed)
  }
}
