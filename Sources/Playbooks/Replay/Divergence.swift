public import JSON
public import Journal
import Lua

/// Where a replay and the journal part: the run stops there, and nothing is sent (G2).
public struct Divergence: Hashable, Sendable {
  /// A step as one of the two sides knows it.
  public struct Side: Hashable, Sendable {
    public let path: StepPath
    /// What is called: an operation's id, or `sleep`, say.
    public let name: String
    /// The arguments as JSON in canonical form.
    public let arguments: [UInt8]
    /// The line of the script that calls, e.g. `scripts/chase.lua:12`.
    public let line: String?

    /// A step that the journal has.
    init(_ step: Step) {
      (path, name, arguments, line) = (step.path, step.name, step.arguments, step.line)
    }

    /// A write that the journal has announced, and no result of.
    init(_ effect: EffectRecord) {
      (path, name, arguments, line) = (effect.path, effect.operation, effect.arguments.bytes(.canonical), nil)
    }

    /// A step that the script asks for.
    init(_ step: PendingStep) {
      (path, name, arguments, line) = (step.path, step.name, step.arguments, step.line?.description)
    }

    /// A side as ``json`` has it; nil where it is none.
    init?(_ json: JSON?) {
      let ordinals = json?["path"]?.string?.split(separator: "/").compactMap { Int($0) }
      guard let json, let ordinals, let name = json["operation"]?.string else { return nil }
      path = StepPath(ordinals)
      self.name = name
      arguments = (json["arguments"] ?? .null).bytes(.canonical)
      line = json["line"]?.string
    }

    /// The side as `--json` has it.
    public var json: JSON {
      [
        "path": .string(path.description), "operation": .string(name),
        "arguments": (try? JSON(parsing: arguments)) ?? .null, "line": line.map(JSON.string) ?? .null,
      ]
    }
  }

  /// What the journal has there; nil where it has nothing.
  public let recorded: Side?
  /// What the script asks for there; nil where it asks for nothing.
  public let asked: Side?

  init(recorded: Side?, asked: Side?) {
    self.recorded = recorded
    self.asked = asked
  }

  /// A divergence as a run's record keeps it; nil where its failure is another.
  public init?(json: JSON) {
    guard json["code"] == "diverged" else { return nil }
    self.init(recorded: Side(json["recorded"]), asked: Side(json["asked"]))
  }

  /// The step at which they part.
  public var path: StepPath { recorded?.path ?? asked?.path ?? StepPath() }

  /// What happened, in a line.
  public var message: String {
    switch (recorded, asked) {
    case (let recorded?, let asked?) where recorded.name == asked.name:
      "step \(path): \(recorded.name) is recorded with other arguments than the script gives now"
    case (let recorded?, let asked?):
      "step \(path): \(recorded.name) is recorded, and the script asks for \(asked.name) now"
    case (let recorded?, nil): "step \(path): \(recorded.name) is recorded, and the script does not ask for it now"
    case (nil, let asked?): "step \(path): the script asks for \(asked.name) now, and the journal has no such step"
    case (nil, nil): "the script went another way than the journal says"
    }
  }

  /// Both sides as `--json` and the run's record have them.
  public var json: JSON {
    [
      "code": "diverged", "message": .string(message), "path": .string(path.description),
      "recorded": recorded?.json ?? .null, "asked": asked?.json ?? .null,
    ]
  }
}
