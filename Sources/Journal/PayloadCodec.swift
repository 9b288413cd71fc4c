/// What stands between the values of a store and its file, such as encryption at rest: answers hold phones and addresses.
///
/// Sealed are the arguments and results of steps, notes, effects' arguments and answers, what is asked of people, what
/// runs are given and what they return, plans, events, and what playbooks remember. Not sealed is what the store compares or
/// looks up: ids, digests, names, states, instants.
public protocol PayloadCodec: Sendable {
  /// The bytes to store. The place is to be bound to them, so that bytes moved elsewhere do not open.
  func seal(_ bytes: [UInt8], at place: PayloadPlace) throws -> [UInt8]

  /// The bytes as they were before sealing.
  func open(_ bytes: [UInt8], at place: PayloadPlace) throws -> [UInt8]
}

/// Where a payload belongs: it opens there and nowhere else.
public struct PayloadPlace: Hashable, Sendable {
  /// What it is.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case step
    case note
    case arguments
    case answer
    case question
    case input
    case result
    case failure
    case plan
    case event
    case state
  }

  /// The run's name; the digest of a plan, the key of an event; of something remembered all of its key.
  public let owner: String
  /// The step; empty for the run itself.
  public let path: StepPath
  public let kind: Kind

  /// A place in a run, or a plan's.
  public init(owner: String, path: StepPath = StepPath(), kind: Kind) {
    self.owner = owner
    self.path = path
    self.kind = kind
  }

  /// The place as bytes to authenticate along with a payload; two places never give the same.
  public var associatedData: [UInt8] {
    Frames.joined([Array(kind.rawValue.utf8), Array(owner.utf8), PathBytes.encode(path)])
  }
}

/// Payloads as they are.
public struct PlainPayloads: PayloadCodec {
  /// A codec that changes nothing.
  public init() {}

  public func seal(_ bytes: [UInt8], at place: PayloadPlace) -> [UInt8] { bytes }
  public func open(_ bytes: [UInt8], at place: PayloadPlace) -> [UInt8] { bytes }
}
