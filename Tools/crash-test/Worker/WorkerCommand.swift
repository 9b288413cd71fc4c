import ArgumentParser
import Catalogue
import Foundation
import JSON

/// One process that carries runs on as far as it can; the sweep starts it, and it may not survive.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Carries the runs of a workload on, as the sweep's child.", shouldDisplay: false)

  @Argument(help: "The job's file.")
  var job: String

  func run() async throws {
    let job = try WorkerJob(JSON(parsing: Array(Data(contentsOf: URL(filePath: job)))))
    let states = try await Worker(job).work()
    try Data(JSON.array(states.map(\.json)).bytes()).write(to: URL(filePath: job.outcome), options: .atomic)
  }
}
