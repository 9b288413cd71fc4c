import JSON
import Journal

/// What one worker process is told to do, as a JSON file that its parent writes.
struct WorkerJob: Sendable {
  /// The folder that the store is in.
  var folder: String
  var workload: String
  var baseURL: String
  var accessKey: String
  var accessSecret: String
  var userID: String
  /// The start and origin of ``FastClock``, and how many times as fast it runs.
  var start: Int64
  var origin: Int64
  var factor: Int64
  /// The place at which it ends itself; nil for none.
  var fuse: Int?
  /// The file that its places are written to.
  var trace: String
  /// The file that says how far it came, written as its last act.
  var outcome: String
  /// What people did before it started.
  var deeds: [Deed] = []
  /// Leaves intents out of the journal: the sweep's own test.
  var forgetsIntents = false

  /// What a person does by hand.
  enum Deed: Sendable {
    /// Of one attempt: what was seen says nothing about a later one.
    case settle(run: String, path: String, attempt: Int, state: EffectState)
    case decide(approval: String, digest: String, approve: Bool)
  }

  var json: JSON {
    [
      "folder": .string(folder), "workload": .string(workload), "base_url": .string(baseURL),
      "access_key": .string(accessKey), "access_secret": .string(accessSecret), "user_id": .string(userID),
      "start": .integer(start), "origin": .integer(origin), "factor": .integer(factor),
      "fuse": fuse.map { .integer(Int64($0)) } ?? .null, "trace": .string(trace), "outcome": .string(outcome),
      "deeds": .array(deeds.map(\.json)), "forgets_intents": .bool(forgetsIntents),
    ]
  }

  init(_ json: JSON) throws(UnreadableJob) {
    func text(_ key: String) throws(UnreadableJob) -> String {
      guard let text = json[key]?.string else { throw UnreadableJob(field: key) }
      return text
    }
    func number(_ key: String) throws(UnreadableJob) -> Int64 {
      guard let number = json[key]?.integer else { throw UnreadableJob(field: key) }
      return number
    }
    self.init(
      folder: try text("folder"), workload: try text("workload"), baseURL: try text("base_url"),
      accessKey: try text("access_key"), accessSecret: try text("access_secret"), userID: try text("user_id"),
      start: try number("start"), origin: try number("origin"), factor: try number("factor"),
      fuse: json["fuse"]?.integer.map { Int($0) }, trace: try text("trace"), outcome: try text("outcome"))
    deeds = json["deeds"]?.array?.compactMap(Deed.init) ?? []
    forgetsIntents = json["forgets_intents"]?.bool ?? false
  }

  init(
    folder: String, workload: String, baseURL: String, accessKey: String, accessSecret: String, userID: String,
    start: Int64, origin: Int64, factor: Int64, fuse: Int?, trace: String, outcome: String
  ) {
    self.folder = folder
    self.workload = workload
    self.baseURL = baseURL
    self.accessKey = accessKey
    self.accessSecret = accessSecret
    self.userID = userID
    self.start = start
    self.origin = origin
    self.factor = factor
    self.fuse = fuse
    self.trace = trace
    self.outcome = outcome
  }
}

extension WorkerJob.Deed {
  var json: JSON {
    switch self {
    case .settle(let run, let path, let attempt, let state):
      [
        "run": .string(run), "settle": .string(path), "attempt": .integer(Int64(attempt)),
        "state": .string(state.rawValue),
      ]
    case .decide(let approval, let digest, let approve):
      ["decide": .string(approval), "digest": .string(digest), "approve": .bool(approve)]
    }
  }

  init?(_ json: JSON) {
    if let run = json["run"]?.string, let path = json["settle"]?.string, let attempt = json["attempt"]?.integer,
      let state = json["state"]?.string.flatMap(EffectState.init)
    {
      self = .settle(run: run, path: path, attempt: Int(attempt), state: state)
    } else if let approval = json["decide"]?.string, let digest = json["digest"]?.string,
      let approve = json["approve"]?.bool
    {
      self = .decide(approval: approval, digest: digest, approve: approve)
    } else {
      return nil
    }
  }
}

/// A job's file that lacks something: a mistake of the sweep.
struct UnreadableJob: Error {
  let field: String
}
