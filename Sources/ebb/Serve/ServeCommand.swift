import ArgumentParser
import Catalogue
import Console
import Foundation
import JSON
import Journal
import Playbooks
import Workers

/// `ebb serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run playbooks by their schedules and on callbacks, until it is told to stop.",
    discussion: """
      A playbook acts by itself only where `ebb enable` says so. What is unfinished
      when it begins goes on first; what it missed is made up for as each schedule
      says. SIGTERM or Ctrl-C ends it: runs that go on are left where the next
      `ebb serve` takes them up.

      Example:
        ebb serve --playbooks scripts
        ebb serve --playbooks scripts --port 8480 --log-format json
      """)

  @Option(help: ArgumentHelp("The folder of playbooks; it is looked at while it serves.", valueName: "folder"))
  var playbooks = "scripts"

  @Option(help: "The address at which callbacks come in; TLS is ended in front of it.")
  var host = "127.0.0.1"

  @Option(help: "Its port; 0 takes a free one.")
  var port = 8480

  @Option(help: "The port on loopback for /healthz, /readyz and /metrics; 0 takes a free one.")
  var healthPort = 8481

  @Option(help: "The most runs at once.")
  var workers = RunQueue.Limits().overall

  @Option(help: ArgumentHelp("How lines of the log are written: text, json.", valueName: "format"))
  var logFormat = ServeLog.Format.text

  @Option(help: ArgumentHelp("The least a log line must matter: debug, info, warn, error, none.", valueName: "level"))
  var logLevel = RunDisplay.Level.info

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard workers > 0 else { throw CommandFailure.usage("--workers needs a count", hint: "e.g. --workers 16") }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: playbooks, isDirectory: &isFolder), isFolder.boolValue else {
      throw CommandFailure.configuration(
        "there is no folder \(playbooks)", hint: "name the folder of your playbooks with --playbooks",
        label: "no_folder")
    }
    let configuration = try Configuration.load()
    let catalogue = try Catalogue.forCommands()
    guard let store = try await store.open(.writing, in: configuration) as? SQLiteStore else {
      throw CommandFailure(.failed, "the store cannot be opened")
    }
    var limits = RunQueue.Limits()
    limits.overall = workers
    for port in [port, healthPort] where !(0...65535 ~= port) {
      throw CommandFailure.usage("\(port) is not a port", hint: "0 to 65535; 0 takes a free one")
    }
    let log = ServeLog(format: logFormat, level: logLevel)
    let registry = MetricsRegistry()
    let service = try Service(
      store, folder: playbooks, configuration: configuration, catalogue: catalogue, limits: limits,
      registry: registry, log: log, by: "ebb serve (\(try person.name()))")
    let json = output.json
    let address = CallbackDoor.Address(host: host, port: port, healthPort: healthPort)
    _ = try await Interrupt.noticing {
      let door = try await CallbackDoor.open(
        address, store: store, configuration: configuration, catalogue: catalogue, registry: registry, log: log,
        readiness: { await service.readiness() })
      try await service.prepare()
      let greeting: JSON = [
        "status": "serving", "callbacks": .string("http://\(door.callbacks.host):\(door.callbacks.port)/callbacks/"),
        "health": .string("http://\(door.health.host):\(door.health.port)/healthz"),
        "pid": .integer(Int64(ProcessInfo.processInfo.processIdentifier)),
        "playbooks": .integer(Int64(await service.shelf.all.count)),
        "schedules": .integer(Int64(try await store.schedules().count)),
      ]
      var fields = greeting.object ?? [:]
      fields["status"] = nil
      if json { Terminal.print(greeting.text()) } else { log.say(.info, "serving", fields) }
      await service.run()
      await door.close()
    }
    log.say(.info, "stopped: what was not finished goes on with the next `ebb serve`")
    try store.close()
  }
}

extension ServeLog.Format: ExpressibleByArgument {}
