import JSON
import Journal

/// What a step answers the script, before it is written for the journal and for Lua.
enum StepAnswer: Equatable {
  /// The values that the call returns.
  case returned([JSON])
  /// The error that the call raises, as the fields of its table.
  case raised(JSON)

  /// The same as the journal keeps it.
  var journaled: Step.Result {
    switch self {
    case .returned(let values): .returned(values.map { $0.bytes() })
    case .raised(let fields): .raised(fields.bytes())
    }
  }
}
