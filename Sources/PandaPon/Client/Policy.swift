import Catalogue

/// Whether a profile lets an operation leave at all, decided before anything is sent.
struct Policy {
  let profile: Profile

  /// Why the operation is refused, or nil where it may go.
  func refusal(of operation: Operation) -> Failure? {
    if operation.effect == .event {
      return Failure(
        .invalid, "\(operation.id) is an event: PandaPon sends it, it cannot be called", label: "event_called")
    }
    if profile.paths[operation.id] != nil || profile.allow.permits(operation) || profile.baseURL.isLoopback {
      return nil
    }
    let grade = operation.evidence.path.rawValue
    let known =
      operation.evidence.path == .unknown
      ? "nothing is known of its path" : "its path (\(operation.method) \(operation.path)) is \(grade), not documented"
    let byGrade = operation.evidence.path == .unknown ? "" : "allow: [\(grade)] for all such, or "
    return Failure(
      .refusedByPolicy, "\(operation.id) was not sent to \(profile.baseURL.host): \(known)",
      hint: "where the vendor's page or export shows the path, give it in the profile as"
        + " paths: {\(operation.id): /…}; to use the path as it is, set \(byGrade)allow: [\(operation.id)] (EBB_ALLOW)",
      label: "path_not_allowed")
  }
}
