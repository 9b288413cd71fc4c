import ArgumentParser
import Catalogue
import Console
import Foundation
import JSON
import Journal
import Logging
import Playbooks
import ServiceLifecycle
import UnixSignals
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

  @Option(help: "The most runs at once; else those of ebb.yaml, else \(RunQueue.Limits().overall).")
  var workers: Int?

  @Option(
    help: ArgumentHelp("How long what is under way may take to end, once it is told to stop.", valueName: "seconds"))
  var grace = 45

  @Option(help: ArgumentHelp("How lines of the log are written: text, json.", valueName: "format"))
  var logFormat = ServeLog.Format.text

  @Option(help: ArgumentHelp("The least a log line must matter: debug, info, warn, error, none.", valueName: "level"))
  var logLevel = RunDisplay.Level.info

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard workers.map({ $0 > 0 }) ?? true else {
      throw CommandFailure.usage("--workers needs a count", hint: "e.g. --workers 16")
    }
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
    let limits = RunQueue.Limits(configuration, workers: workers)
    guard 0...86_400 ~= grace else {
      throw CommandFailure.usage("--grace \(grace) is out of range", hint: "0 to 86400 seconds")
    }
    for port in [port, healthPort] where !(0...65535 ~= port) {
      throw CommandFailure.usage("\(port) is not a port", hint: "0 to 65535; 0 takes a free one")
    }
    let log = ServeLog(format: logFormat, level: logLevel)
    // Heard before anything begins: reading the folder already accounts for what is due.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let registry = MetricsRegistry()
    let service = try Service(
      store, folder: playbooks, configuration: configuration, catalogue: catalogue, limits: limits,
      registry: registry, log: log, by: "ebb serve (\(try person.name()))")
    let address = CallbackDoor.Address(host: host, port: port, healthPort: healthPort)
    let door = try await CallbackDoor.open(
      address, store: store, configuration: configuration, catalogue: catalogue, registry: registry, log: log,
      readiness: { await service.readiness() })
    try await service.prepare()
    try await serve(service, door, try await greeting(service, door), signals, log)
    log.say(.info, "stopped: what was not finished goes on with the next `ebb serve`")
    try store.close()
  }

  /// Serves until SIGTERM or Ctrl-C: callbacks are taken no more, then nothing is begun any more, then what is under way
  /// ends.
  private func serve(
    _ service: Service, _ door: CallbackDoor, _ greeting: JSON, _ signals: UnixSignalsSequence, _ log: ServeLog
  ) async throws {
    let presence = ServedPresence(signals: signals, grace: .seconds(grace), log: log) { [isForMachines = output.json] in
      var fields = greeting.object ?? [:]
      fields["status"] = nil
      if isForMachines { Terminal.print(greeting.text()) } else { log.say(.info, "serving", fields) }
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: (await service.parts() + [ServedEnd { await door.close() }, presence]).map {
          .init(service: $0, successTerminationBehavior: $0 is ServedPresence ? .gracefullyShutdownGroup : .cancelGroup)
        },
        logger: Logger(label: "ebb.serve") { _ in SwiftLogNoOpLogHandler() }))
    do {
      try await group.run()
    } catch {
      throw CommandFailure(.failed, "a part of the service ended by itself: \(ServedAdvance.reason(error))")
    }
  }

  private func greeting(_ service: Service, _ door: CallbackDoor) async throws -> JSON {
    [
      "status": "serving", "callbacks": .string("http://\(door.callbacks.host):\(door.callbacks.port)/callbacks/"),
      "health": .string("http://\(door.health.host):\(door.health.port)/healthz"),
      "pid": .integer(Int64(ProcessInfo.processInfo.processIdentifier)),
      "playbooks": .integer(Int64(await service.shelf.all.count)),
      "schedules": .integer(Int64(try await service.store.schedules().count)),
    ]
  }
}

extension ServeLog.Format: ExpressibleByArgument {}
