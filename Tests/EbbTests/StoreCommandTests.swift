import Foundation
import JSON
import Journal
import Testing

@testable import ebb

@Suite struct StoreCommandTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")

  private var path: String { folder.appending(path: "store.db").path(percentEncoded: false) }

  /// A store with one run that is over, and has read an order, and one that waits.
  private func makeStore() async throws {
    let store = try SQLiteStore(path: path)
    try await store.keep(PlaybookVersion(id: "v", files: [.init(name: "p", path: "p", bytes: [1])], catalogue: "c"))
    for (id, status) in [("over", RunStatus.succeeded), ("waits", .waiting(.approval))] {
      let run = RunRecord(
        id: RunID(id), playbook: "p", version: "v", profile: "shop", trigger: .manual, parameters: [:], started: 5)
      let request = LeaseRequest(worker: "w", instant: 0, length: 10)
      guard case .started(let lease?) = try await store.start(run, requiring: [], heldBy: request) else { continue }
      let answer: JSON = ["orderId": .string("order-\(id)"), "phone": "13800138000"]
      let step = Step(
        path: StepPath([1]), name: "taobao.orders.get", arguments: JSON.object([:]).bytes(), digest: "d",
        result: .returned([answer.bytes()]), sequence: 1, instant: 5)
      _ = try await store.commit(
        [Entry(.step(step), instant: 5), Entry(.status(status), instant: 6), Entry(.release, instant: 6)], under: lease)
    }
    try store.close()
  }

  private func ebb(_ arguments: String...) throws -> Binary.Result {
    try Binary.run(["store"] + arguments + ["--store", path, "--json"])
  }

  @Test func aStoreIsLookedAfter() async throws {
    try await makeStore()
    defer { try? FileManager.default.removeItem(at: folder) }

    let check = try ebb("check")
    #expect(try check.status == 0 && check.json["violations"] == [])
    #expect(try Binary.run(["store", "check", "--store", path]).output == "all rules hold\n")

    let statistics = try ebb("stats").json
    #expect(statistics["runs"] == ["succeeded": 1, "waiting": 1] && statistics["schema"] == 3)
    #expect(statistics["oldest_run"] == "1970-01-01T00:00:00.005Z" && statistics["restored_since"] == .null)
    #expect(try Binary.run(["store", "stats", "--store", path]).output.contains("runs: 1 succeeded, 1 waiting"))

    let copy = folder.appending(path: "copy.db").path(percentEncoded: false)
    let backup = try ebb("backup", copy)
    #expect(try backup.status == 0 && backup.json["file"] == .string(copy))
    #expect(try ebb("backup", copy).status == 1)
    #expect(try Binary.run(["store", "check", "--store", copy, "--json"]).status == 0)

    let needed = try ebb("forget", "order-waits")
    #expect(try needed.status == 4 && needed.json["error"]?["runs"] == ["waits"])
    #expect(try ebb("forget", "order-over", "--as", "ann", "--why", "asked for").json["records"] == 1)
    let store = try SQLiteStore(path: path, for: .reading)
    let erased: JSON = ["orderId": "order-over", "phone": "forgotten"]
    #expect(try await store.steps(of: "over").map(\.result) == [.returned([erased.bytes()])])
    #expect(try await store.audit(about: "order-over", limit: 1).map(\.by) == ["ann"])
    try store.close()

    #expect(try ebb("restored", "--since", "2026-11-20T03:00:00Z").json["restored_since"] == "2026-11-20T03:00:00.000Z")
    #expect(try ebb("settled", "--why", "looked").json["was_in_doubt"] == true)
    #expect(try ebb("settled", "--why", "looked").json["was_in_doubt"] == false)

    let prune = try ebb("prune", "--age", "1d", "--decisions", "1d")
    #expect(try prune.status == 0 && prune.json["runs"] == 1)
    #expect(try ebb("stats").json["runs"] == ["waiting": 1])
  }

  @Test(arguments: [
    ["prune", "--age", "soon"], ["prune", "--runs", "-1"], ["restored", "--since", "yesterday"], ["forget", "7"],
    ["settled"],
  ])
  func wrongOptionsAreUsage(_ arguments: [String]) throws {
    let result = try Binary.run(["store"] + arguments + ["--store", path, "--json"])
    #expect(try result.status == 2 && result.json["status"] == "failed")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aFindingIsAFailure() async throws {
    try await makeStore()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try FileHandle(forUpdating: URL(filePath: path))
    let size = try file.seekToEnd()
    try file.truncate(atOffset: size - 4096)
    try file.close()
    for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + name) }
    let result = try Binary.run(["store", "check", "--store", path, "--json"])
    #expect(try result.status == 1 && result.json["status"] == "failed")
  }

  @Test func thereMustBeAStoreToLookAt() throws {
    let result = try ebb("check")
    #expect(try result.status == 1 && result.json["error"]?["code"] == "store_unavailable")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
