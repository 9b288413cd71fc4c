public import JSON

/// What an effect touches; at most one live effect may hold a claim (G8).
public struct ClaimKey: Hashable, Sendable, CustomStringConvertible {
  /// The shop whose resource it is.
  public let profile: String
  /// The kind of resource, e.g. `taobao.refund`, whatever the operation.
  public let kind: String
  /// The resource's id.
  public let id: String

  /// A claim on that resource of that shop.
  public init(profile: String, kind: String, id: String) {
    self.profile = profile
    self.kind = kind
    self.id = id
  }

  /// The resource without its shop, e.g. `taobao.refund:110000235001`.
  public var resource: String { "\(kind):\(id)" }

  public var description: String { "\(profile) \(resource)" }
}

/// Where one write stands between being announced and being settled (decisions.md "Effects").
public enum EffectState: String, Hashable, Sendable, CaseIterable {
  case intended
  case accepted
  case confirmed
  case rejected
  case withdrawn
  case unknown
  case notDone = "not_done"
  case disputed

  /// Whether the effect still holds its claims and its budget.
  public var isLive: Bool {
    switch self {
    case .intended, .accepted, .unknown, .disputed: true
    case .confirmed, .rejected, .withdrawn, .notDone: false
    }
  }

  /// Whether an effect in this state may move to that one.
  public func canBecome(_ next: EffectState) -> Bool {
    switch self {
    case .intended: [.accepted, .confirmed, .rejected, .withdrawn, .unknown].contains(next)
    case .accepted, .unknown: [.confirmed, .notDone, .disputed].contains(next)
    case .disputed: [.confirmed, .notDone].contains(next)
    case .notDone: [.intended, .withdrawn].contains(next)
    case .confirmed, .rejected, .withdrawn: false
    }
  }
}

/// Money that a write moves, for budgets.
public struct Charge: Hashable, Sendable {
  /// Which way money moves.
  public enum Direction: String, Hashable, Sendable {
    /// From the shop.
    case out
    /// To the shop.
    case `in`
    /// Not moved, but given up, such as a refund that is cancelled.
    case forgone
  }

  /// The amount in minor units of the currency (fen of CNY).
  public let minorUnits: Int64
  /// ISO 4217 code.
  public let currency: String
  /// Which way it moves.
  public let direction: Direction

  /// A charge of that many minor units.
  public init(minorUnits: Int64, currency: String, direction: Direction) {
    self.minorUnits = minorUnits
    self.currency = currency
    self.direction = direction
  }
}

/// The life of one write.
public struct EffectRecord: Hashable, Sendable {
  /// The run that announced it.
  public let run: RunID
  /// The step that it is; with the run, its name.
  public let path: StepPath
  /// The operation's id.
  public let operation: String
  /// The arguments as the script gave them, with a key of Ebb's own where the operation takes one: enough to read back.
  public let arguments: JSON
  /// SHA-256 of the operation and its arguments, as lower-case hex.
  public let digest: String
  /// What it touches.
  public let claims: [ClaimKey]
  /// All ids by which people may hold what it touches: of its claims, its subject, and those in its arguments and in
  /// the read before it.
  public var subjects: [String]
  /// What it costs; nil where the catalogue names no amount.
  public var charge: Charge?
  /// Where it stands.
  public var state: EffectState
  /// How often it was announced, from 1.
  public var attempt: Int
  /// When it was first announced: what is older cannot be its own.
  public let intended: Milliseconds
  /// When its state last changed.
  public var changed: Milliseconds
  /// What is known about its state, for people.
  public var detail: String?
  /// The `data` of the write's answer, where one came that a read must prove.
  public var answer: JSON?

  /// An effect about to be announced.
  public init(
    run: RunID, path: StepPath, operation: String, arguments: JSON = [:], digest: String, claims: [ClaimKey],
    subjects: [String] = [], charge: Charge?, instant: Milliseconds
  ) {
    self.run = run
    self.path = path
    self.operation = operation
    self.arguments = arguments
    self.digest = digest
    self.claims = claims
    self.subjects = subjects
    self.charge = charge
    state = .intended
    attempt = 1
    intended = instant
    changed = instant
  }

  /// What people call it: its run and path, e.g. `run-20261123-7f3a9c:5/2`.
  public var id: String { "\(run):\(path)" }
}
