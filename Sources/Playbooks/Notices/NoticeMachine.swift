import Catalogue
import JSON
import Journal

/// The life of one message: it is admitted at its channel's pace, marked in the journal, and sent.
///
/// A message cannot be read back. One that may have arrived, because the process died between the mark and the result or
/// because no answer came, is sent once more and says that it may be a repetition; after that it is given up. So people
/// get a message at most twice, and a crash alone never takes one from them.
///
/// A value: its methods answer what to do next, and the run does it.
struct NoticeMachine {
  /// What to do next.
  enum Action: Equatable {
    /// Ask whether it may leave.
    case admit
    /// Record how many may have arrived.
    case mark(Dispatch)
    case send(isRepeated: Bool)
    /// Leave it alone until then.
    case pause(until: Milliseconds)
    case conclude(StepAnswer)
  }

  /// Where it stands.
  enum Phase: Equatable {
    case idle
    case admitting
    case marking
    case sending
    /// It did not arrive: that is being recorded, and then it waits.
    case lowering(until: Milliseconds)
    case over
  }

  let notice: Notice
  private let digest: String
  private(set) var phase = Phase.idle
  /// How many may have arrived.
  private(set) var copies: Int
  private(set) var attempts: Int

  /// How often one is tried.
  static let mostAttempts = 3
  /// Between two attempts, in milliseconds, where the service does not ask for more.
  static let pause: Milliseconds = 1000

  /// A message, with what is known of it from an earlier process.
  init(_ notice: Notice, digest: String, known: Dispatch?) {
    self.notice = notice
    self.digest = digest
    let own = known.flatMap { $0.digest == digest ? $0 : nil }
    copies = own?.copies ?? 0
    attempts = own?.attempts ?? 0
  }

  /// Whether it is on its way: its run waits for what becomes of it.
  var isLeaving: Bool { phase == .marking || phase == .sending }

  /// Whether it may arrive a second time when it is sent now.
  private var isRepeated: Bool { copies > 1 }

  private var dispatch: Dispatch { Dispatch(digest: digest, copies: copies, attempts: attempts) }

  /// Begins, or goes on after a pause.
  mutating func begin() -> Action {
    guard copies < 2 else { return giveUp("it was sent twice, and no answer came") }
    phase = .admitting
    return .admit
  }

  /// The channel's pace was asked.
  mutating func didAdmit(_ admission: NoticeAdmission, at now: Milliseconds) -> Action {
    switch admission {
    case .granted:
      phase = .marking
      copies += 1
      attempts += 1
      return .mark(dispatch)
    case .later(let instant):
      phase = .idle
      return .pause(until: max(instant, now + 1))
    case .unknown(let channels): return conclude(Self.unknown(notice.channel, among: channels))
    case .closed(let reason): return conclude(failure(.unavailable, reason, isRetryable: true))
    }
  }

  /// The mark is on the disk.
  mutating func didMark() -> Action? {
    switch phase {
    case .marking:
      phase = .sending
      return .send(isRepeated: isRepeated)
    case .lowering(let instant):
      phase = .idle
      return .pause(until: instant)
    case .idle, .admitting, .sending, .over: return nil
    }
  }

  /// The run stops before it was sent.
  mutating func recall() -> Action {
    copies -= 1
    attempts -= 1
    phase = .over
    return .mark(dispatch)
  }

  /// Something came back, or nothing did.
  mutating func didSend(_ outcome: NoticeOutcome, at now: Milliseconds) -> Action {
    switch outcome {
    case .delivered(let isCut):
      phase = .over
      return .conclude(.returned([["repeated": .bool(isRepeated), "cut": .bool(isCut)]]))
    case .refused(let reason):
      return conclude(failure(.rejected, "\(notice.channel) does not take the message: \(reason)"))
    case .notSent(let reason, let instant):
      copies -= 1
      guard attempts < Self.mostAttempts else {
        // A copy that went before may still have arrived.
        guard copies == 0 else { return giveUp(reason) }
        return conclude(
          failure(.unavailable, "\(notice.channel) cannot be reached: \(reason)", isRetryable: true))
      }
      return lower(until: max(instant ?? 0, now + Self.pause))
    case .unclear(let reason):
      guard copies < 2, attempts < Self.mostAttempts else { return giveUp(reason) }
      return lower(until: now + Self.pause)
    }
  }

  private mutating func lower(until instant: Milliseconds) -> Action {
    phase = .lowering(until: instant)
    return .mark(dispatch)
  }

  /// Nobody knows whether it arrived, and it is not sent a third time.
  private mutating func giveUp(_ reason: String) -> Action {
    conclude(failure(.inDoubt, "the message to \(notice.channel) may have arrived: \(reason)"))
  }

  private func failure(
    _ code: ScriptFailure.Code, _ message: String, isRetryable: Bool = false
  ) -> ScriptFailure {
    var failure = ScriptFailure(code, message, operation: Notice.step)
    failure.isRetryable = isRetryable
    return failure
  }

  private mutating func conclude(_ failure: ScriptFailure) -> Action {
    phase = .over
    return .conclude(.raised(failure.fields))
  }

  /// The error for a channel that is not configured.
  static func unknown(_ channel: String, among channels: [String]) -> ScriptFailure {
    let near = EditDistance.nearest(to: channel, among: channels).map { "; did you mean \($0)?" } ?? ""
    return ScriptFailure(
      .invalid, "there is no channel \(channel)\(near)", operation: Notice.step,
      hint: channels.isEmpty
        ? "no channel is configured; docs/channels.md shows how" : "there are " + channels.joined(separator: ", "))
  }

  /// The error for a message too many.
  static var tooMany: ScriptFailure {
    ScriptFailure(
      .guard, "a run may send \(Notice.most) messages", operation: Notice.step,
      hint: "say it in one message: it may list \(Notice.mostSubjects) subjects")
  }
}
