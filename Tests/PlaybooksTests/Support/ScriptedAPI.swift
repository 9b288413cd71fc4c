import Catalogue
import JSON
import PandaPon
import Synchronization

/// The embedded catalogue; a damaged one stops every test.
let catalogue: Catalogue = {
  do {
    return try Catalogue.embedded()
  } catch {
    preconditionFailure("\(error)")
  }
}()

/// One call that reached an API.
struct Call: Hashable, Sendable {
  let operation: String
  let arguments: JSON
}

/// An API that answers as the test says and remembers what it was asked.
final class ScriptedAPI: Reader, Writer {
  typealias Handler = @Sendable (Call) async -> Outcome
  private let reading: Handler
  private let writing: Handler
  private let log = Mutex<[Call]>([])

  init(
    read: @escaping Handler = { _ in .ok(Answer(data: nil)) },
    write: @escaping Handler = { _ in .ok(Answer(data: nil)) }
  ) {
    (reading, writing) = (read, write)
  }

  var calls: [Call] { log.withLock { $0 } }

  /// The arguments of that operation's calls, in order.
  func arguments(of operation: String) -> [JSON] {
    calls.filter { $0.operation == operation }.map(\.arguments)
  }

  func count(_ operation: String) -> Int { arguments(of: operation).count }

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await reading(note(operation, arguments))
  }

  func write(_ operation: Operation, _ arguments: Arguments) async -> Outcome {
    await writing(note(operation, arguments))
  }

  /// Answers a call that another API was asked.
  func read(_ call: Call) async -> Outcome { await reading(call) }
  func write(_ call: Call) async -> Outcome { await writing(call) }

  private func note(_ operation: Operation, _ arguments: Arguments) -> Call {
    let call = Call(operation: operation.id, arguments: arguments.script)
    log.withLock { $0.append(call) }
    return call
  }
}

extension Outcome {
  /// An answer of that data.
  static func answer(_ data: JSON) -> Outcome {
    .ok(Answer(data: data, code: 200, message: "success", requestID: "r-1"))
  }

  /// A refusal by the API, with its own code.
  static func refusal(_ code: Int = 409, _ message: String = "the state does not allow it") -> Outcome {
    .rejected(Failure(.rejected, message, label: "business", apiCode: code, requestID: "r-2"))
  }

  /// A write that may have taken effect.
  static let doubt = Outcome.unknown(Failure(.inDoubt, "the connection broke", label: "connection_lost"))

  /// Nothing left.
  static let unsent = Outcome.notSent(Failure(.unavailable, "cannot connect", label: "connection_failed"))
}

extension JSON {
  /// What `taobao.refunds.get` answers for a reverse order.
  static func refund(
    _ id: String, status: JSON = "10", fee: Int64 = 100, waybill: String? = nil, timeout: Int64? = nil,
    remaining: Int64? = nil
  ) -> JSON {
    [
      "currency": "CNY",
      "refundOrderAggregate": row(
        id, status: status, fee: fee, waybill: waybill, timeout: timeout, remaining: remaining),
    ]
  }

  /// A row of `taobao.refunds.list`.
  static func row(
    _ id: String, status: JSON = "10", fee: Int64 = 100, waybill: String? = nil, timeout: Int64? = nil,
    remaining: Int64? = nil
  ) -> JSON {
    var order: JSON = ["refundId": .string(id), "refundStatus": status, "refundFee": .integer(fee)]
    order["timeoutDate"] = timeout.map { .string(String($0)) }
    order["remainingTime"] = remaining.map { .string(String($0)) }
    var row: JSON = ["refundOrder": order]
    if let waybill { row["logistics"] = ["logisticsNo": .string(waybill)] }
    return row
  }

  /// The id that a call is about.
  var refundID: String { self["refundId"]?.scalarText ?? "" }
}

/// Reverse orders that can be cancelled, and lose nothing.
final class Refunds: Sendable {
  struct Refund: Sendable {
    var status = "10"
    var fee: Int64 = 100
  }
  private let state: Mutex<[String: Refund]>
  private let instead: Mutex<@Sendable (String) -> Outcome?>
  private let leaves: String?

  /// - Parameters:
  ///   - takesEffect: whether a cancel that is answered otherwise took effect all the same.
  ///   - leaves: the status in which a cancel that is answered otherwise leaves the refund; 30 says neither yes nor no.
  ///   - instead: what the cancel of that id answers in place of the truth.
  init(
    _ fees: [String: Int64], takesEffect: Bool = false, leaves: String? = nil,
    answering instead: @escaping @Sendable (String) -> Outcome? = { _ in nil }
  ) {
    state = Mutex(fees.mapValues { Refund(fee: $0) })
    self.leaves = takesEffect ? "-20" : leaves
    self.instead = Mutex(instead)
  }

  /// Adds a refund, or makes it what it was.
  func add(_ id: String, fee: Int64) {
    state.withLock { $0[id] = Refund(fee: fee) }
  }

  /// Someone else changes it.
  func set(_ id: String, status: String) { state.withLock { $0[id]?.status = status } }

  func status(_ id: String) -> String? { state.withLock { $0[id]?.status } }

  /// From now on every cancel is answered with the truth.
  func answersTruly() { instead.withLock { $0 = { _ in nil } } }

  var api: ScriptedAPI {
    ScriptedAPI(read: { self.get($0) }, write: { self.cancel($0.arguments.refundID) })
  }

  private func get(_ call: Call) -> Outcome {
    let id = call.arguments.refundID
    guard let refund = state.withLock({ $0[id] }) else {
      return .rejected(Failure(.notFound, "there is no refund \(id)", label: "not_found", apiCode: 404))
    }
    return .answer(.refund(id, status: .string(refund.status), fee: refund.fee))
  }

  private func cancel(_ id: String) -> Outcome {
    let answer = instead.withLock(\.self)(id)
    return state.withLock { refunds in
      if let status = answer == nil ? "-20" : leaves { refunds[id]?.status = status }
      return answer
        ?? .answer(["cancelSuccess": true, "refundOrderAggregate": .row(id, status: "-20", fee: refunds[id]?.fee ?? 0)])
    }
  }
}
