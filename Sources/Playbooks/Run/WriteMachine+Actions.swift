import Catalogue
import JSON
import Journal

/// What the machine is told and answers.
extension WriteMachine {
  /// What to do next.
  enum Action: Equatable {
    /// Read the resource as it stands: guards need its amount.
    case readBefore(ReadRequest)
    /// Ask a person, and take back what they said yes to before.
    case ask(ApprovalRequest, retracting: String?)
    /// Nobody answered that question in time.
    case lapse(approval: String)
    /// Record the intent, or a further one, by the ``WriteMachine/grant``; claims and budgets are taken with it.
    case announce(EffectRecord, [Budget])
    /// Send it, once.
    case send
    /// Record where the effect stands now.
    case record(EffectState, detail: String?, answer: JSON?)
    /// The outcome is unknown: read what took place. An answer from before the write proves nothing.
    case readBack(ReadRequest)
    /// Come back at that instant; it is soon.
    case wait(until: Milliseconds)
    /// Leave it until its time comes or a person has done something.
    case park(Parking)
    /// It is over.
    case conclude(Conclusion)
  }

  /// How the write ended.
  struct Conclusion: Equatable {
    /// The effect's state; nil where it was never announced.
    var state: EffectState?
    /// What the script's call answers.
    var result: StepAnswer
    /// What the decision about the subject is, where the write is an `act`.
    var decision: Decision.Kind
    /// Under which reason it is counted, where its error's code does not say it.
    var reason: String?
    /// What is known, for people.
    var detail: String?
    var attempts = 1
    /// What the script is told beside the error's code, where the write is an `act`.
    var difference: JSON?
    /// Whether the effect's state is still to be recorded.
    var settles = false

    /// The error that the script's call raises, if it does.
    var raised: ScriptFailure? {
      guard case .raised(let fields) = result else { return nil }
      return ScriptFailure(fields: fields)
    }
  }

  /// What it waits for.
  enum Phase: Equatable {
    case idle
    case readingBefore
    case asking
    case announcing
    case sending
    case readingBack
    case waiting(until: Milliseconds)
    case parked(Parking)
    case over
  }
}
