import Foundation
import Synchronization

/// A worker process, and how it ended.
struct Child {
  /// How a worker ended.
  enum End: Equatable {
    case exited(Int32)
    case killed
    /// It did not end in time, and was ended.
    case hung
  }

  /// The longest that a worker may take.
  static let patience: Duration = .seconds(60)

  private let process = Process()
  private let ended = AsyncStream<Void>.makeStream()

  /// Starts a worker.
  ///
  /// - Parameter log: the file that takes what it prints.
  init(job: URL, log: URL) throws {
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["worker", job.path]
    process.environment = [:]
    process.standardInput = FileHandle.nullDevice
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let output = try FileHandle(forWritingTo: log)
    process.standardOutput = output
    process.standardError = output
    let continuation = ended.continuation
    process.terminationHandler = { _ in continuation.finish() }
    try process.run()
    try output.close()
  }

  var id: Int32 { process.processIdentifier }

  /// Waits for its end.
  ///
  /// - Parameter limit: after how long it is ended; nil for ``patience``, after which it counts as hung.
  func end(after limit: Duration?) async -> End {
    let process = process
    let timer = Task {
      try await Task.sleep(for: limit ?? Self.patience)
      kill(process.processIdentifier, SIGKILL)
    }
    let began = ContinuousClock.now
    for await _ in ended.stream {}
    timer.cancel()
    guard process.terminationReason == .uncaughtSignal else { return .exited(process.terminationStatus) }
    if limit == nil, ContinuousClock.now - began >= Self.patience { return .hung }
    return .killed
  }
}
