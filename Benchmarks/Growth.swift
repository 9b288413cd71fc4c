import Foundation
import Journal
import Playbooks

/// What a long run costs: bytes of the store for each step, and the time until it has gone through all of them again.
struct Growth {
  private let sizes = [10, 1000, 10_000, 100_000]
  /// A step's answer, as the journal keeps it.
  private let answer = 200

  func measure() async throws -> [Measurement] {
    var result: [Measurement] = []
    var perStep: [Int: (bytes: Double, seconds: Double)] = [:]
    for size in sizes {
      let folder = try ScratchFolder()
      let (bytes, seconds) = try await measure(size, in: folder)
      perStep[size] = (bytes / Double(size), seconds / Double(size))
      result.append(
        Measurement("store growth, \(size) steps of \(answer) bytes", bytes / Double(size), unit: "bytes/step"))
      result.append(
        Measurement(
          "resume of \(size) steps of \(answer) bytes", seconds * 1000, unit: "ms", size == 10_000 ? .below(300) : nil,
          note: "\(Measurement.text(seconds / Double(size) * 1e6)) µs/step"))
    }
    // Linear: ten times the steps cost no more for each.
    if let small = perStep[10_000], let large = perStep[100_000] {
      result.append(
        Measurement("resume, per step of 100000 to that of 10000", large.seconds / small.seconds, .atMost(1.5)))
      result.append(Measurement("growth, per step of 100000 to that of 10000", large.bytes / small.bytes, .atMost(1.2)))
    }
    return result
  }

  /// A run that takes so many steps, its last a sleep out of memory, and then comes back from it.
  private func measure(_ steps: Int, in folder: ScratchFolder) async throws -> (bytes: Double, seconds: Double) {
    let path = folder.file("store.db")
    let store = try SQLiteStore(path: path)
    let empty = try await store.statistics().bytes
    let script = """
      for i = 1, \(steps - 1) do \(Document.operation)("110000235001") end
      sleep(24 * 60 * 60 * 1000)
      """
    let side = try DurableSide(store, script: script, answer: ShortAnswer.body(bytes: answer))
    guard case .waiting(.time)? = try await side.start("long")?.status else {
      throw BenchError("the run does not wait")
    }
    let bytes = try await store.statistics().bytes - empty
    var figures: [Double] = []
    for _ in 0..<(steps > 10_000 ? 3 : 7) {
      let start = wallSeconds()
      guard case .waiting(.time)? = try await side.resume("long")?.status else {
        throw BenchError("the run did not come back to its sleep")
      }
      figures.append(wallSeconds() - start)
    }
    return (Double(bytes), median(figures))
  }
}
