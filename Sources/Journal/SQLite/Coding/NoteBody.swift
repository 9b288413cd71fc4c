internal import JSON

/// A note as the store keeps it: what is looked up beside what is sealed.
struct NoteBody {
  /// Part of the schema.
  enum Kind: Int64 {
    case decision = 0
    case outcome = 1
    case log = 2
    case report = 3
    case dispatch = 4
  }

  let kind: Kind
  /// Whom a decision is about.
  let subject: String?
  let sealed: JSON

  init(_ content: Note.Content) {
    switch content {
    case .decision(let decision): self.init(.decision, decision)
    case .outcome(let decision): self.init(.outcome, decision)
    case .log(let line):
      self.init(
        kind: .log, subject: nil, sealed: [.string(line.level), .string(line.message), line.fields])
    case .report(let report): self.init(kind: .report, subject: nil, sealed: report)
    case .dispatch(let dispatch):
      self.init(
        kind: .dispatch, subject: nil,
        sealed: [
          .string(dispatch.digest), .integer(Int64(dispatch.copies)), .integer(Int64(dispatch.attempts)),
        ])
    }
  }

  private init(kind: Kind, subject: String?, sealed: JSON) {
    self.kind = kind
    self.subject = subject
    self.sealed = sealed
  }

  private init(_ kind: Kind, _ decision: Decision) {
    let amount = decision.amount.map { amount -> JSON in
      [.integer(amount.minorUnits), .string(amount.currency), .integer(amount.direction.code)]
    }
    self.init(
      kind: kind, subject: decision.subject,
      sealed: [
        .integer(decision.kind.code), .string(decision.reason), decision.detail.map(JSON.string) ?? .null,
        amount ?? .null, .array(decision.step.ordinals.map { .integer(Int64($0)) }),
      ])
  }

  /// Reads one back; throws where the store is damaged.
  static func content(_ code: Int64, _ subject: String?, _ body: JSON) throws(JournalError) -> Note.Content {
    switch Kind(rawValue: code) {
    case .decision?: .decision(try decision(subject, body))
    case .outcome?: .outcome(try decision(subject, body))
    case .log?:
      if let level = body[0]?.string, let message = body[1]?.string, let fields = body[2] {
        .log(LogLine(level: level, message: message, fields: fields))
      } else {
        throw unreadable
      }
    case .report?: .report(body)
    case .dispatch?:
      if let digest = body[0]?.string, let copies = body[1]?.integer, let attempts = body[2]?.integer {
        .dispatch(Dispatch(digest: digest, copies: Int(copies), attempts: Int(attempts)))
      } else {
        throw unreadable
      }
    case nil: throw unreadable
    }
  }

  private static func decision(_ subject: String?, _ body: JSON) throws(JournalError) -> Decision {
    guard let subject, let kind = body[0]?.integer, let reason = body[1]?.string, let step = body[4]?.array else {
      throw unreadable
    }
    var amount: Charge?
    if let units = body[3]?[0]?.integer, let currency = body[3]?[1]?.string, let direction = body[3]?[2]?.integer {
      amount = Charge(minorUnits: units, currency: currency, direction: try Charge.Direction(code: direction))
    }
    return Decision(
      subject: subject, kind: try Decision.Kind(code: kind), reason: reason, detail: body[2]?.string, amount: amount,
      step: StepPath(step.compactMap { $0.integer.map(Int.init) }))
  }

  private static var unreadable: JournalError { .damaged("a note cannot be read") }
}
