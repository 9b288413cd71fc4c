import Catalogue
import JSON
import Journal
import PandaPon

/// Finds out what became of one write whose outcome is not known, by the catalogue's rule (G7).
///
/// A value: each method takes what happened and answers what to do next. *Done* is believed at once. *Not done*, and
/// that nothing can be said, only from reads that were begun `settle_after` past the last moment at which the write may
/// have been on its way; until then it waits and reads again. A read that brings no answer is made again for as long
/// as it takes.
struct Settlement {
  /// What to do next.
  enum Action: Equatable {
    /// Read this; the answer must be newer than the question.
    case read(ReadRequest)
    /// Come back at that instant.
    case wait(until: Milliseconds)
    /// The marketplace does not answer: come back at that instant.
    case retry(at: Milliseconds, Failure)
    /// It is known, or known that it cannot be.
    case over(Verdict)
  }

  /// What reading back came to.
  enum Verdict: Equatable {
    /// It took place; with what was read.
    case done(JSON, requestID: String?)
    /// It did not take place.
    case notDone
    /// A person has to look; why.
    case unclear(String)
  }

  /// The shortest wait between two rounds of reads, in milliseconds. Each wait is as long as the doubt has lasted, so
  /// that it doubles, also across processes.
  private static let shortestPause: Milliseconds = 2000
  /// The longest, where the marketplace answers.
  private static let longestPause: Milliseconds = 60_000
  /// The longest, where it does not.
  private static let longestRetry: Milliseconds = 300_000

  let operation: Operation
  let arguments: Arguments
  /// The `data` of the write's answer, where one came.
  let answer: JSON?
  /// When the write was announced first: what is older cannot be its own.
  let intended: Milliseconds
  /// The last moment at which it may have been on its way.
  let since: Milliseconds
  /// From when on a read is believed whatever it says.
  let believedFrom: Milliseconds
  private let requests: [ReadRequest]
  private var round: Round?

  /// Reads that are looked at together.
  private struct Round: Equatable {
    let began: Milliseconds
    var answers: [JSON] = []
  }

  /// A write that may have been on its way until that moment.
  init(
    of operation: Operation, _ arguments: Arguments, answer: JSON?, intended: Milliseconds, since: Milliseconds
  ) {
    self.operation = operation
    self.arguments = arguments
    self.answer = answer
    self.intended = intended
    self.since = since
    believedFrom = since + (operation.outcome?.settleAfter.milliseconds ?? 0)
    requests = operation.readBacks(of: arguments, answer: answer, intended: intended)
  }

  /// Begins a round of reads.
  mutating func begin(at now: Milliseconds) -> Action {
    guard let first = requests.first else { return .over(.unclear("\(operation.id) cannot be read back")) }
    round = Round(began: now)
    return .read(first)
  }

  /// A read came back.
  mutating func didRead(_ outcome: Outcome, at now: Milliseconds) -> Action {
    guard var current = round else { return begin(at: now) }
    switch outcome {
    case .ok(let answer):
      current.answers.append(answer.data)
      round = current
      if current.answers.count < requests.count { return .read(requests[current.answers.count]) }
      return judge(current, requestID: answer.requestID, at: now)
    case .rejected(let failure):
      return unclear("reading back was refused: \(failure.message)", in: current, at: now)
    case .notSent(let failure), .unknown(let failure):
      round = nil
      let asked = failure.retryAfter?.milliseconds ?? 0
      return .retry(at: now + max(pause(at: now, atMost: Self.longestRetry), asked), failure)
    }
  }

  private mutating func judge(_ current: Round, requestID: String?, at now: Milliseconds) -> Action {
    let verdict = operation.judgeReadBack(of: arguments, answers: current.answers, answer: answer, intended: intended)
    switch verdict {
    case .done: return .over(.done(current.answers.last ?? .null, requestID: requestID))
    case .notDone:
      return current.began >= believedFrom ? .over(.notDone) : wait(from: now)
    case .unclear(let reason): return unclear(reason, in: current, at: now)
    }
  }

  private mutating func unclear(_ reason: String, in current: Round, at now: Milliseconds) -> Action {
    current.began >= believedFrom ? .over(.unclear(reason)) : wait(from: now)
  }

  private mutating func wait(from now: Milliseconds) -> Action {
    round = nil
    return .wait(until: max(now, min(believedFrom, now + pause(at: now, atMost: Self.longestPause))))
  }

  private func pause(at now: Milliseconds, atMost longest: Milliseconds) -> Milliseconds {
    min(longest, max(Self.shortestPause, now - since))
  }
}
