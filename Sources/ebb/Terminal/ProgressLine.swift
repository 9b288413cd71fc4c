/// The one line on standard error that says how far a long command has come.
///
/// A value that decides what to draw and when; the caller hands it the time and writes what it answers. It stays silent
/// for the first second, so that short commands draw nothing, and draws at most ten times a second.
struct ProgressLine: Sendable {
  /// Columns it may use.
  let width: Int
  /// How it is painted.
  let style: Style

  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?

  /// A line that begins at `start` and fits into `width` columns.
  init(start: ContinuousClock.Instant, width: Int = 80, style: Style = .plain) {
    self.start = start
    self.width = width
    self.style = style
  }

  /// What to write for this state, or nil when it is too early or too soon after the last.
  ///
  /// - Parameters:
  ///   - label: what is being done, e.g. `reading refunds`.
  ///   - done: how much of it is done.
  ///   - total: how much there is, where it is known.
  mutating func update(_ label: String, done: Int, of total: Int?, now: ContinuousClock.Instant) -> String? {
    guard now - start >= .seconds(1) else { return nil }
    if let lastDrawn, now - lastDrawn < .milliseconds(100) { return nil }
    lastDrawn = now
    let counts = CountText.grouped(max(0, done))
    var text = Terminal.clean(label) + " "
    if let total, total > 0 {
      let cells = 20
      let full = min(cells, max(0, done * cells / total))
      text += String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
      text += " \(counts)/\(CountText.grouped(total))"
    } else {
      text += counts
    }
    return "\r\u{1B}[K" + style.paint(TextWidth.truncated(text, to: max(1, width - 1)), .faint)
  }

  /// What to write before anything else goes to the terminal: wipes the line where one was drawn.
  mutating func finish() -> String? {
    guard lastDrawn != nil else { return nil }
    lastDrawn = nil
    return "\r\u{1B}[K"
  }
}
