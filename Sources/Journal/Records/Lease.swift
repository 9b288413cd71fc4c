/// A worker's time-limited right to advance one run; its epoch fences whoever held it before.
public struct Lease: Hashable, Sendable {
  public let run: RunID
  /// Who holds it.
  public let worker: String
  /// Grows with every new holder.
  public let epoch: Int
  /// When it ends unless renewed.
  public let expires: Milliseconds
  /// Where the store was restored from a copy: the moment of that copy. What runs wrote after it is not in the store, so
  /// that every write must be looked for before it is sent. Nil otherwise.
  public let doubtSince: Milliseconds?

  /// A lease as the store grants it.
  public init(run: RunID, worker: String, epoch: Int, expires: Milliseconds, doubtSince: Milliseconds? = nil) {
    self.run = run
    self.worker = worker
    self.epoch = epoch
    self.expires = expires
    self.doubtSince = doubtSince
  }
}

/// Who wants to advance a run, and for how long unless renewed.
public struct LeaseRequest: Hashable, Sendable {
  /// Names a process, so that another one on its machine can tell whether it lives.
  public let worker: String
  /// The present.
  public let instant: Milliseconds
  /// In milliseconds.
  public let length: Milliseconds

  /// A lease for that worker from now on.
  public init(worker: String, instant: Milliseconds, length: Milliseconds) {
    self.worker = worker
    self.instant = instant
    self.length = length
  }
}

/// A lease prolonged, and what people ask of the run meanwhile.
public struct Renewal: Hashable, Sendable {
  public let lease: Lease
  /// What was asked and not done yet.
  public let request: RunRequest?

  /// A renewal as the store grants it.
  public init(lease: Lease, request: RunRequest? = nil) {
    self.lease = lease
    self.request = request
  }
}

/// What a person asks of a run that a worker advances.
public enum RunRequest: String, Hashable, Sendable, CaseIterable {
  /// No further step is begun, writes in flight are settled, and the run ends.
  case cancel
  /// No further step is begun until someone resumes it.
  case pause
}
