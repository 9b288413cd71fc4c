import Foundation
import Marketplace

/// A project with playbooks that `ebb serve` keeps: schedules under each overlap policy, one that writes, and two that ask for
/// callbacks.
struct ServiceProject: Sendable {
  let folder: URL
  let environment: [String: String]

  /// The schedules by name, each with the time between two occurrences in milliseconds.
  static let intervals: [String: Int64] = ["tick": 1000, "long": 1000, "line": 3000, "cancel": 2000]
  /// The playbooks that ask for ``ServiceCaller``'s callbacks.
  static let subscribers = ["hear", "look"]

  private static let scripts = [
    "tick": """
    playbook { ebb = 1, name = "tick", schedule = { every = "1s", overlap = "allow", misfire = "all" } }
    return taobao.refunds.list { pageSize = 1 } ~= nil
    """,
    // It outlasts its interval: occurrences are skipped.
    "long": """
    playbook { ebb = 1, name = "long", schedule = { every = "1s", overlap = "skip" } }
    sleep("2500ms")
    """,
    "line": """
    playbook { ebb = 1, name = "line", schedule = { every = "3s", overlap = "queue", misfire = "last" } }
    sleep("500ms")
    return taobao.refunds.list { pageSize = 2 } ~= nil
    """,
    "cancel": """
    local pages = require "ebb.pages"
    local aftersales = require "ebb.aftersales"
    playbook {
      ebb = 1, name = "cancel", schedule = { every = "2s", overlap = "allow" },
      guards = { writes = { "taobao.refunds.cancel" }, max_writes = { run = 3 }, max_amount = { run = "10000 CNY" } },
    }
    local rows = pages(taobao.refunds.list, { refundStatus = 10 })
    for index = 1, math.min(2, #rows) do
      local refund = aftersales.reread(rows[index])
      if refund.state == "waiting_seller" then
        act(refund, "under fire", taobao.refunds.cancel, { refundId = refund.id })
      end
    end
    """,
    "hear": """
    playbook { ebb = 1, name = "hear", on = { "taobao.events.refundChanged" } }
    return event.body.refundId
    """,
    "look": """
    playbook { ebb = 1, name = "look", on = { "taobao.events.refundChanged" } }
    return taobao.refunds.list { pageSize = 1 } ~= nil and event.body.refundId
    """,
  ]

  /// Writes the project, and lets all its playbooks act.
  init(in folder: URL, for account: SimulatedAccount, at baseURL: String) throws {
    self.folder = folder
    environment = [
      "EBB_BASE_URL": baseURL, "EBB_ACCESS_KEY": account.accessKey, "EBB_ACCESS_SECRET": account.accessSecret,
      "EBB_USER_ID": account.userID, "PATH": "/usr/bin:/bin", "HOME": folder.path,
    ]
    try? FileManager.default.removeItem(at: folder)
    let scripts = folder.appending(path: "scripts")
    try FileManager.default.createDirectory(at: scripts, withIntermediateDirectories: true)
    for (name, text) in Self.scripts { try Data(text.utf8).write(to: scripts.appending(path: "\(name).lua")) }
    for name in Self.scripts.keys.sorted() {
      for verb in ["enable", "promote"] {
        guard try run(verb, name) == 0 else { throw SweepFailure("ebb \(verb) \(name) fails: \(folder.path)") }
      }
    }
  }

  var store: String { folder.appending(path: ".ebb/store.db").path }

  /// Runs a command of `ebb` to its end; its exit code.
  @discardableResult
  func run(_ arguments: String...) throws -> Int32 {
    let process = try start(arguments)
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Starts a command of `ebb`, which stands beside this program; what it says is appended to `log` in the folder.
  func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "ebb")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let log = folder.appending(path: "log")
    if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
    let file = try FileHandle(forWritingTo: log)
    try file.seekToEnd()
    process.standardOutput = file
    process.standardError = file
    try process.run()
    return process
  }
}
