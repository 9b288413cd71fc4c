import Catalogue
import Crypto
import JSON
import Journal

/// A write as the guards and people see it before it is announced.
struct ProposedWrite {
  let operation: Operation
  let arguments: Arguments
  let path: StepPath
  let claims: [ClaimKey]
  /// Whom it is about, where it is an `act`.
  let subject: Subject?
  /// Why, in the script's words.
  let reason: String?
  /// What it moves; nil where the catalogue names no amount, or it cannot be read.
  let charge: Charge?
  /// The answers of the reads before it.
  let befores: [JSON]
  /// Whether it is only foreseen, and its amount cannot be known yet: what it is about is itself only planned.
  var isForeseen = false
  /// Whether whoever applies a plan approved it with what the plan shows.
  var isApproved = false

  /// Which way its money goes, also where the amount is not known.
  var direction: Charge.Direction? {
    charge?.direction ?? operation.before?.direction.flatMap { Charge.Direction(rawValue: $0.rawValue) }
  }

  /// What a person is shown of it: what would be done to what and why, how it stands, and what it costs.
  var item: JSON {
    var item: JSONObject = ["operation": .string(operation.id), "arguments": arguments.script]
    item["resources"] = .array(claims.map { .string($0.resource) })
    item["subject"] = subject.map { .string($0.id) }
    item["subject_title"] = subject?.title.map(JSON.string)
    item["reason"] = reason.map(JSON.string)
    item["before"] = .object(watched)
    item["amount"] = charge.map { charge in
      var amount = Money(minorUnits: charge.minorUnits, currency: charge.currency).json
      amount["direction"] = .string(charge.direction.rawValue)
      return amount
    }
    return .object(item)
  }

  /// The fields whose change counts as drift, by pointer; with the read's number where there were several.
  private var watched: JSONObject {
    var fields = JSONObject()
    for (index, before) in befores.enumerated() {
      for (pointer, value) in operation.watchedFields(in: before) {
        fields[befores.count > 1 ? "\(index + 1)\(pointer)" : "\(pointer)"] = value
      }
    }
    return fields
  }

  /// What ``item`` is recognised by.
  var digest: String { ApprovalRequest.digest(title: "", items: [item]) }

  /// The question whether it may be done.
  func question(expires: Milliseconds) -> ApprovalRequest {
    let resources = claims.isEmpty ? "" : " of " + claims.map(\.resource).joined(separator: ", ")
    let cost = charge.map { ", \(Money(minorUnits: $0.minorUnits, currency: $0.currency))" } ?? ""
    return ApprovalRequest(
      path: path, title: "\(operation.id)\(resources)\(cost)", items: .array([item]), claims: claims,
      expires: expires)
  }
}

extension ApprovalRequest {
  /// A question whose digest is made from what is shown.
  init(path: StepPath, title: String, items: JSON, claims: [ClaimKey], expires: Milliseconds) {
    self.init(
      path: path, title: title, items: items, digest: Self.digest(title: title, items: items), claims: claims,
      expires: expires)
  }

  /// SHA-256 of title and items in canonical form, as lower-case hex: what a decision is bound to (G11).
  static func digest(title: String, items: JSON) -> String {
    let shown: JSON = ["title": .string(title), "items": items]
    return SHA256.hash(data: shown.bytes(.canonical)).hexadecimal
  }
}
