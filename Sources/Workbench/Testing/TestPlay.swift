import JSON

/// What `play` is told.
struct TestPlay: Sendable {
  var playbook: String?
  var parameters: JSONObject = [:]
  var event: JSON?
  var tags: JSON = [:]
  var isPlan = false
  var stays = true

  private static let known = ["event", "mode", "params", "playbook", "stay", "tags"]

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
    switch fields["mode"]?.string {
    case nil, "live": break
    case "plan": isPlan = true
    case let mode?: throw TestProblem("play: mode is \"live\" or \"plan\", not \"\(mode)\"")
    }
  }
}
