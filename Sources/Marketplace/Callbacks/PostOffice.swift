import JSON

/// Which callbacks are on their way, as a value: what is due, and what an answer or its lack means.
///
/// The vendor's rule (pandapon.md 3): 200 within 1000 ms acknowledges; else the message is pushed again after half an
/// hour, at most five times.
struct PostOffice: Sendable {
  /// Between two attempts, in ms.
  static let pause = 30 * Span.minute
  /// How often a message is pushed again.
  static let retries = 5

  private struct Letter: Sendable {
    let number: Int
    let event: String
    let body: [UInt8]
    let signature: String
    var attempt = 1
    var due: Int64
  }

  private let url: String
  private var writer: CallbackWriter
  private let seed: UInt64
  private var waiting: [Letter] = []
  private var underWay: [(letter: Letter, delivery: CallbackDelivery)] = []
  private var written = 0
  /// How many were acknowledged, and how many given up or never sent.
  private(set) var acknowledged = 0, lost = 0

  init(url: String, writer: CallbackWriter, seed: UInt64) {
    self.url = url
    self.writer = writer
    self.seed = seed
  }

  /// Signs with another secret from now on; what is written already keeps its signature.
  mutating func reset(secret: String) {
    writer.account.accessSecret = secret
  }

  /// The next instant at which something is due; nil where nothing waits.
  var nextDue: Int64? { waiting.map(\.due).min() }

  /// How many wait for their first or next attempt, or for an answer.
  var pending: Int { waiting.count + underWay.count }

  /// Takes in what happened.
  ///
  /// - Parameter faults: What goes wrong with it: copies, a delay, a place further back.
  mutating func post(_ tiding: Tiding, faults: [Fault]) {
    written += 1
    guard !faults.contains(.dropCallback) else {
      lost += 1
      return
    }
    let body = writer.body(of: tiding)
    var letter = Letter(
      number: written, event: tiding.event, body: body, signature: writer.signature(over: body), due: tiding.at)
    var copies = 0
    for fault in faults {
      switch fault {
      case .delay(let milliseconds): letter.due += milliseconds
      case .reorderCallback(let span):
        var draws = SeededGenerator(seed: seed, subject: "reorder", turn: written)
        letter.due += draws.draw(0...max(0, span))
      case .duplicateCallback(let count): copies += count
      default: break
      }
    }
    waiting += Array(repeating: letter, count: 1 + copies)
  }

  /// What is to be sent now, in the order in which it fell due.
  mutating func collect(at now: Int64) -> [CallbackDelivery] {
    let due = waiting.filter { $0.due <= now }.sorted { $0.due < $1.due }
    waiting.removeAll { $0.due <= now }
    let deliveries = due.map { letter in
      CallbackDelivery(
        number: letter.number, event: letter.event, attempt: letter.attempt, url: url, authorization: letter.signature,
        body: letter.body)
    }
    underWay += zip(due, deliveries).map { ($0, $1) }
    return deliveries
  }

  /// Takes in how an attempt ended.
  mutating func settle(_ delivery: CallbackDelivery, acknowledged isAcknowledged: Bool, at now: Int64) {
    guard let index = underWay.firstIndex(where: { $0.delivery == delivery }) else { return }
    var letter = underWay.remove(at: index).letter
    if isAcknowledged {
      acknowledged += 1
    } else if letter.attempt <= Self.retries {
      letter.attempt += 1
      letter.due = now + Self.pause
      waiting.append(letter)
    } else {
      lost += 1
    }
  }
}
