import Journal

/// A write that the run carries out beside the script: the script has its answer (`nil`, and a code) or will never ask
/// for one.
///
/// An `act` becomes one when it has to wait; so does what a cancelled run left unsettled.
struct DeferredWrite {
  var machine: WriteMachine
  /// What the decision about it is; nil where the script made none.
  let decision: DeferredDecision?
}

/// The decision of an `act` that waits, to be taken again when it is over.
struct DeferredDecision {
  let subject: Subject
  let reason: String
}
