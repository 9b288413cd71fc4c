import Foundation
import Scheduling

/// Files of days that schedules name, e.g. public holidays: beside `ebb.yaml`.
struct DaysFile: Sendable {
  private let folder: String

  /// Files in that folder.
  init(_ folder: String) { self.folder = folder }

  /// What a file says.
  func text(_ path: String) throws(ScheduleProblem) -> String {
    let file = URL(filePath: path, relativeTo: URL(filePath: folder, directoryHint: .isDirectory))
    guard let data = FileManager.default.contents(atPath: file.path), let text = String(validating: data, as: UTF8.self)
    else { throw ScheduleProblem("the days in \(path) cannot be read", hint: "it is looked for beside ebb.yaml") }
    return text
  }
}
