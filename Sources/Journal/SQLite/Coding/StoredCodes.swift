/// A word that the store keeps as a number. The order of `stored` is part of the schema: words are only ever added at
/// its end.
protocol StoredCode: Hashable {
  static var stored: [Self] { get }
}

extension StoredCode {
  var code: Int64 {
    // Every word is in the list, which a test proves.
    Int64(Self.stored.firstIndex(of: self) ?? -1)
  }

  init(code: Int64) throws(JournalError) {
    guard Self.stored.indices.contains(Int(code)) else {
      throw .damaged("\(code) in the store stands for no \(Self.self)")
    }
    self = Self.stored[Int(code)]
  }
}

extension RunStatus.Wait: StoredCode {
  static let stored: [Self] = [.time, .approval, .settlement, .budget, .api, .credentials]
}

extension Trigger: StoredCode {
  static let stored: [Self] = [.manual, .schedule, .event, .apply, .backfill]
}

extension RunRequest: StoredCode {
  static let stored: [Self] = [.cancel, .pause]
}

extension EffectState: StoredCode {
  static let stored: [Self] = [
    .intended, .accepted, .confirmed, .rejected, .withdrawn, .unknown, .notDone, .disputed,
  ]
}

extension Charge.Direction: StoredCode {
  static let stored: [Self] = [.out, .in, .forgone]
}

extension Approval.State: StoredCode {
  static let stored: [Self] = [.pending, .approved, .rejected, .expired, .superseded]
}

extension Decision.Kind: StoredCode {
  static let stored: [Self] = [.done, .planned, .kept, .handedOver, .waiting, .failed]
}

extension Enablement.Mode: StoredCode {
  static let stored: [Self] = [.plan, .live]
}

extension ScheduleRecord.Origin: StoredCode {
  static let stored: [Self] = [.header, .added]
}

extension Occurrence.Outcome: StoredCode {
  static let stored: [Self] = [.ran, .coalesced, .skipped, .missed]
}

extension Delivery.Outcome: StoredCode {
  static let stored: [Self] = [.ran, .coalesced, .ignored]
}

extension RunStatus {
  /// Those below are live; the index on live runs says so, too.
  static let firstFinalCode: Int64 = 4

  var code: Int64 {
    switch self {
    case .queued: 0
    case .running: 1
    case .waiting: 2
    case .paused: 3
    case .succeeded: Self.firstFinalCode
    case .failed: 5
    case .cancelled: 6
    case .diverged: 7
    }
  }

  var waitCode: Int64? {
    guard case .waiting(let wait) = self else { return nil }
    return wait.code
  }

  init(code: Int64, wait: Int64?) throws(JournalError) {
    switch code {
    case 0: self = .queued
    case 1: self = .running
    case 2:
      guard let wait else { throw .damaged("a run waits for nothing") }
      self = .waiting(try Wait(code: wait))
    case 3: self = .paused
    case 4: self = .succeeded
    case 5: self = .failed
    case 6: self = .cancelled
    case 7: self = .diverged
    default: throw .damaged("\(code) in the store stands for no status")
    }
  }
}
