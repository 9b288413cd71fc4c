import ArgumentParser
import Catalogue
import Foundation
import JSON

/// One process that carries a run on as far as it can; the sweep starts it, and it may not survive.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Carries one run on, as the sweep's child.", shouldDisplay: false)

  @Argument(help: "The job's file.")
  var job: String

  func run() async throws {
    let job = try WorkerJob(JSON(parsing: Array(Data(contentsOf: URL(filePath: job)))))
    let state = try await Worker(job).work()
    try Data(state.json.bytes()).write(to: URL(filePath: job.outcome), options: .atomic)
  }
}
