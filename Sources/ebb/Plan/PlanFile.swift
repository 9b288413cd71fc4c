import Foundation
import JSON
import Playbooks

/// A plan on disk: its document, for its owner alone.
enum PlanFile {
  /// Writes a plan, in place of what may be there: whole or not at all.
  static func write(_ plan: PlanDocument, to path: String) throws(CommandFailure) {
    let target = URL(filePath: path)
    let folder = target.deletingLastPathComponent()
    let draft = folder.appending(path: ".\(target.lastPathComponent).\(UUID().uuidString)").path(percentEncoded: false)
    let file = Foundation.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path, errno) }
    let isWritten = write(Array((plan.json.text(.pretty) + "\n").utf8), to: file)
    let problem = errno
    close(file)
    guard isWritten, rename(draft, target.path(percentEncoded: false)) == 0 else {
      let reason = isWritten ? errno : problem
      unlink(draft)
      throw failure(path, reason)
    }
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return fsync(file) == 0
  }

  private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
    CommandFailure(
      .failed, "the plan cannot be written to \(path): \(String(cString: strerror(code)))",
      hint: "name a file in a folder that you may write", label: "plan_file")
  }

  /// Reads a plan and holds it to its digest.
  ///
  /// - Throws: `CommandFailure` of status `usage` where there is no such file, of `refused` where it is no plan, or not as
  ///   it was written.
  static func read(_ path: String) throws(CommandFailure) -> PlanDocument {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .usage(
        "there is no file \(path) that can be read", hint: "`ebb plan FILE -o plan.json` makes one", label: "no_file")
    }
    guard let json = try? JSON(parsing: Array(data)) else {
      throw CommandFailure(.refused, "\(path) is no plan: it is not JSON", label: "no_plan")
    }
    do throws(PlanProblem) {
      return try PlanDocument(parsing: json)
    } catch {
      throw CommandFailure(
        .refused, "\(path) \(error.description)", hint: "make a new one: `ebb plan FILE -o plan.json`",
        label: error.label)
    }
  }
}
