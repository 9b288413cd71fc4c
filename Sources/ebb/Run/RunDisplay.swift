import Foundation
import JSON
import Journal
import Playbooks
import Synchronization

/// What a person sees while a run goes on: its log lines, and how far it has come.
final class RunDisplay: Sendable {
  /// How much a log line must matter to be shown.
  enum Level: String, CaseIterable, Comparable {
    case debug, info, warn, error, none

    static func < (left: Level, right: Level) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  private let level: Level
  private let terminal: Terminal
  private let prefix: String?
  private let progress: Mutex<(line: ProgressLine, decisions: Int)>

  /// A display on that terminal's standard error.
  ///
  /// - Parameter prefix: what each line begins with, where several runs speak at once; they draw no progress.
  init(level: Level, terminal: Terminal = .current, prefix: String? = nil) {
    self.prefix = prefix
    self.level = level
    self.terminal = terminal
    progress = Mutex((ProgressLine(start: .now, width: terminal.width ?? 80, style: terminal.errorStyle), 0))
  }

  /// Shows what happened; called from the run's own thread.
  func observe(_ event: RunEvent) {
    switch event {
    case .log(let line): show(line)
    case .notice(let record): show(record)
    case .decision: progress.withLock { $0.decisions += 1 }
    case .step(let name, let count):
      guard terminal.showsProgress, prefix == nil else { return }
      progress.withLock { state in
        let label = "\(name), decided \(state.decisions), steps"
        if let text = state.line.update(label, done: count, of: nil, now: .now) {
          Terminal.write(text, to: STDERR_FILENO)
        }
      }
    }
  }

  /// Says something about the run itself.
  func say(_ text: String) {
    finish()
    Terminal.printError(Terminal.clean(text))
  }

  /// Wipes the progress line.
  func finish() {
    progress.withLock { state in
      if let text = state.line.finish() { Terminal.write(text, to: STDERR_FILENO) }
    }
  }

  private func show(_ record: NoticeRecord) {
    guard level <= .info else { return }
    let head = record.notice.title ?? record.notice.text ?? record.notice.markdown ?? ""
    let line = head.split(separator: "\n").first.map(String.init) ?? ""
    let fields: JSON = ["channel": .string(record.notice.channel), "outcome": .string(record.outcome)]
    show(
      LogLine(
        level: ["sent", "planned"].contains(record.outcome) ? "info" : "warn", message: "notify.send: \(line)",
        fields: fields))
  }

  private func show(_ line: LogLine) {
    guard let own = Level(rawValue: line.level), own >= level else { return }
    finish()
    let fields = line.fields.object?.map { "\($0.key)=\($0.value.scalarText ?? $0.value.text())" } ?? []
    let text = Terminal.clean(([line.message] + fields).joined(separator: " "))
    let role: Style.Role? = own == .error ? .error : own == .warn ? .warning : .faint
    let name = line.level.padding(toLength: 5, withPad: " ", startingAt: 0)
    let run = prefix.map { terminal.errorStyle.paint($0, .faint) + " " } ?? ""
    Terminal.printError(run + terminal.errorStyle.paint(name, role) + " " + text)
  }
}
