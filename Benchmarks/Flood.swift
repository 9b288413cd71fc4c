import Foundation
import JSON
import Journal

/// Callbacks as fast as no shop sends them, against `ebb serve` in a process of its own with its store on the disk: of
/// twenty, four repeat one before and one is signed wrong.
struct Flood {
  func measure() async throws -> [Measurement] {
    guard try Peers.ebb() != nil else {
      return [Measurement(skipped: "callbacks", because: "ebb was not built beside bench")]
    }
    return try await flood(2000, seconds: 30, .flood) + flood(500, seconds: 20, .steady)
  }

  private enum Kind {
    case flood
    case steady
  }

  private func flood(_ rate: Int, seconds: Int, _ kind: Kind) async throws -> [Measurement] {
    let project = try ServedProject()
    let (process, address) = try project.serve()
    let sender = CallbackLoad(address: address)
    // Its connections and its memory are there before it is looked at.
    _ = try await sender.send(CallbackLoad.callbacks(200, "warm"), perSecond: 200)
    let identifier = process.identifier
    let before = processKilobytes(identifier, "VmRSS")
    let callbacks = CallbackLoad.callbacks(rate * seconds, "refund")
    let watch = Task {
      var most = before
      while !Task.isCancelled {
        most = max(most, processKilobytes(identifier, "VmRSS"))
        try? await Task.sleep(for: .milliseconds(100))
      }
      return most
    }
    let answers = try await sender.send(callbacks, perSecond: rate)
    try await Task.sleep(for: .seconds(3))
    watch.cancel()
    let most = await watch.value
    let after = processKilobytes(identifier, "VmRSS")
    process.end()
    try await sender.shutdown()

    let times = answers.map(\.milliseconds)
    let times99 = percentile(0.99, of: times)
    let name = "\(rate) callbacks a second for \(seconds) s"
    let answered = Dictionary(grouping: answers, by: \.status).mapValues(\.count).sorted { $0.key < $1.key }
      .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    let wrong = zip(callbacks, answers).count { $0.isSigned ? $1.status == 401 : $1.status != 401 }
    var result = [
      Measurement(
        "\(name), answer p99", times99, unit: "ms", kind == .steady ? .atMost(20) : nil,
        note: "p50 \(Measurement.text(median(times)))"),
      Measurement("the longest of them", times.max() ?? .nan, unit: "ms", .atMost(1000), note: answered),
      Measurement(
        "acknowledged callbacks that are not stored just once",
        try await amiss(callbacks, answers, in: project.store, wrong: wrong), .exactly(0)),
    ]
    if kind == .flood {
      result.append(
        Measurement(
          "memory it takes beyond what it had", (most - before) / 1000, unit: "MB", .atMost(150),
          note: "\(Int(before / 1000)) before, \(Int(most / 1000)) at most, \(Int(after / 1000)) after"))
    }
    return result
  }

  /// How many differ between what was acknowledged and what is stored.
  private func amiss(
    _ callbacks: [CallbackLoad.Callback], _ answers: [CallbackLoad.Answer], in path: String, wrong: Int
  ) async throws -> Double {
    let acknowledged = Set(zip(callbacks, answers).lazy.filter { $1.status == 200 }.map(\.0.subject))
    let store = try SQLiteStore(path: path, for: .reading)
    var filter = EventFilter()
    filter.limit = .max
    let stored = try await store.events(filter).compactMap { $0.envelope["messageBody"]?["refundId"]?.string }
      .filter { $0.hasPrefix("refund") }
    // A callback that was not answered in time may be stored all the same: the vendor sends it again.
    let sent = Set(callbacks.lazy.filter(\.isSigned).map(\.subject))
    let twice = stored.count - Set(stored).count
    let lost = acknowledged.subtracting(stored).count
    let foreign = Set(stored).subtracting(sent).count
    return Double(twice + lost + foreign + wrong)
  }
}
