import Foundation
import JSON
import Synchronization

/// What values looked like when a person last said that they are right: one file beside each file of tests.
///
/// `NAME_test.snap.json` holds an object of texts by test. What is not kept yet is kept the first time, except where
/// nobody looks (CI): there it fails.
final class SnapshotBook: Sendable {
  private struct State {
    var kept: JSONObject
    var asked: [String: Int] = [:]
    var isChanged = false
  }

  private let path: String
  private let isUpdating: Bool
  private let mayAdd: Bool
  private let state: Mutex<State>

  init(for file: TestFile, isUpdating: Bool, mayAdd: Bool) {
    path = file.path.dropLast(4) + ".snap.json"
    self.isUpdating = isUpdating
    self.mayAdd = mayAdd
    let bytes = FileManager.default.contents(atPath: path).map(Array.init) ?? []
    state = Mutex(State(kept: (try? JSON(parsing: bytes))?.object ?? [:]))
  }

  /// The text that is kept; it is that of now where nothing is, or where it is being updated.
  func text(of test: String, named name: String, now: String) -> String {
    state.withLock { state in
      var key = name.isEmpty ? test : "\(test): \(name)"
      let count = state.asked[key, default: 0] + 1
      state.asked[key] = count
      if count > 1 { key += " (\(count))" }
      if let kept = state.kept[key]?.string, !isUpdating { return kept }
      guard isUpdating || mayAdd else { return "nothing: there is no snapshot of it" }
      if state.kept[key]?.string != now {
        state.kept[key] = .string(now)
        state.isChanged = true
      }
      return now
    }
  }

  /// Writes what is new.
  func save() throws {
    let text: String? = state.withLock { state in
      guard state.isChanged else { return nil }
      let members = state.kept.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
      return JSON.object(JSONObject(members)).text(.pretty)
    }
    if let text { try Data((text + "\n").utf8).write(to: URL(filePath: path), options: .atomic) }
  }
}
