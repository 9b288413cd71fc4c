import JSON

/// What `play` is told.
struct TestPlay: Sendable {
  var playbook: String?
  var parameters: JSONObject = [:]
  var event: JSON?
  var tags: JSON = [:]
  var isPlan = false
  var stays = true
  /// The channels that messages may go to; nil for any.
  var channels: [String]?
  /// After how many commits the process dies, once for each; it is started again, and the run goes on.
  var deaths: [Int]?

  private static let known = ["channels", "dies", "event", "mode", "params", "playbook", "stay", "tags"]

  init(_ json: JSON?) throws(TestProblem) {
    let fields = json?.object ?? [:]
    for (key, _) in fields where !Self.known.contains(key) {
      throw TestProblem("play has no \(key); it takes \(Self.known.joined(separator: ", "))")
    }
    playbook = fields["playbook"]?.string
    parameters = fields["params"]?.object ?? [:]
    event = fields["event"]
    // Of each subject by id, its tags: `tags = { [id] = { "hold" } }`.
    tags = fields["tags"]?.object.map(JSON.object) ?? [:]
    stays = fields["stay"]?.bool ?? true
    channels = fields["channels"]?.array?.compactMap(\.string)
    switch fields["dies"] {
    case nil: break
    case .integer(let commits)?: deaths = [max(0, Int(clamping: commits))]
    case .array(let list)?: deaths = list.compactMap(\.integer).map { max(0, Int(clamping: $0)) }
    case let other?: throw TestProblem("play: dies is after how many commits the process dies, not \(other.text())")
    }
    switch fields["mode"]?.string {
    case nil, "live": break
    case "plan": isPlan = true
    case let mode?: throw TestProblem("play: mode is \"live\" or \"plan\", not \"\(mode)\"")
    }
  }
}
