public import JSON

/// One entry of the catalogue: a call of the API, or a callback it sends.
///
/// An immutable value; `body`, `answer` and the rules are built when first asked for.
public final class Operation: Sendable, Identifiable {
  /// The name scripts use, e.g. `taobao.refunds.cancel`.
  public let id: String
  /// The vendor's menu: `Taobao`, `1688`, `Foundations` or `Warehouse`.
  public let market: String
  /// The menu's group, e.g. `After-sales service`.
  public let group: String
  /// The vendor's English title.
  public let name: String
  /// The vendor's Chinese title; where none was seen, Ebb's own (the details say so).
  public let chineseName: String?
  /// `GET` or `POST`.
  public let method: String
  /// The path with its `{parameters}`; for an event its message type, or `messageType unknown`.
  public let path: String
  /// How method and path are known.
  public let evidence: OperationEvidence
  /// Whether it reads, writes, or is a callback.
  public let effect: Effect
  /// The one-line remark of the operations list, where there is one.
  public let notes: String?
  /// What it does and where the facts come from, in Markdown.
  public let details: String?
  /// Whether the request is signed by headers or by the query.
  public let signing: Signing
  /// Which of the five kinds of write this is; nil for reads and events.
  public let writeKind: WriteKind?
  /// The operation's part of the OpenAPI document, references unresolved.
  public let definition: JSON

  let contents: OperationContents

  init(reading definition: JSON, method: String, path: String, components: SchemaSource) throws(CatalogueError) {
    func text(_ key: String) -> String? { definition[key]?.string }
    guard let id = text("operationId") else { throw CatalogueError("an operation without operationId", at: path) }
    guard let market = text("x-ebb-market"), let group = text("x-ebb-group"), let name = text("summary") else {
      throw CatalogueError("summary, x-ebb-market and x-ebb-group are required", at: id)
    }
    guard let effect = text("x-ebb-effect").flatMap(Effect.init(rawValue:)) else {
      throw CatalogueError("x-ebb-effect is read, write or event", at: id)
    }
    guard let methodGrade = definition["x-ebb-evidence"]?["method"]?.string.flatMap(Evidence.init(rawValue:)),
      let pathGrade = definition["x-ebb-evidence"]?["path"]?.string.flatMap(Evidence.init(rawValue:))
    else { throw CatalogueError("x-ebb-evidence needs method and path, each a grade", at: id) }
    let kind = text("x-ebb-write")
    writeKind = kind.flatMap(WriteKind.init(rawValue:))
    guard (writeKind == nil) == (kind == nil) else { throw CatalogueError("unknown x-ebb-write", at: id) }
    self.id = id
    self.market = market
    self.group = group
    self.name = name
    self.method = method
    self.path = effect == .event ? text("x-ebb-message-type") ?? "messageType unknown" : path
    self.effect = effect
    self.definition = definition
    chineseName = text("x-ebb-title-zh")
    evidence = OperationEvidence(method: methodGrade, path: pathGrade)
    notes = text("x-ebb-note")
    details = text("description")
    signing = text("x-ebb-signing") == "query" ? .query : .headers
    contents = OperationContents(id: id, definition: definition, source: components)
  }
}

extension Operation: CustomStringConvertible {
  /// The id.
  public var description: String { id }
}

extension Operation: Hashable {
  /// Equal where id, method and definition are.
  public static func == (left: Operation, right: Operation) -> Bool {
    left === right || left.id == right.id && left.method == right.method && left.definition == right.definition
  }

  /// Hashes the id.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
  }
}

/// How a fact about the API is known, surest first.
public enum Evidence: String, Hashable, Sendable, CaseIterable {
  /// The vendor's pages show it.
  case documented
  /// It follows from what they show for a sibling, or a public client does so.
  case inferred
  /// Nothing shows it; the project assumes it until a real answer corrects it.
  case assumed
  /// Nothing is known, and nothing assumed.
  case unknown
}

/// How an operation's method and path are known.
public struct OperationEvidence: Hashable, Sendable {
  /// How the HTTP method is known.
  public let method: Evidence
  /// How the path, or an event's message type, is known.
  public let path: Evidence
}

/// What an operation does to the world.
public enum Effect: String, Hashable, Sendable, CaseIterable {
  /// It may be repeated freely.
  case read
  /// It may change something, whatever its HTTP method.
  case write
  /// PandaPon sends it to us.
  case event
}

/// The five kinds of write: what makes an execution recognisable afterwards.
public enum WriteKind: String, Hashable, Sendable, CaseIterable {
  /// It carries a number of ours by which it can be found again.
  case keyed
  /// At most one can exist for its parent, e.g. a refund per order line.
  case onePerParent = "one-per-parent"
  /// It sets a state that can be read.
  case setsState = "sets-state"
  /// Every execution adds something.
  case appends
  /// Two executions are as good as one, and none leaves a trace that matters.
  case noLastingEffect = "no-lasting-effect"
}

/// Where the signature of a request goes.
public enum Signing: String, Hashable, Sendable {
  /// In the five system headers.
  case headers
  /// In the query parameters `timestamp` and `sign`: the warehouse group.
  case query
}
