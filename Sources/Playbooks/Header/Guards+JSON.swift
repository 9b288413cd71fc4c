public import JSON

extension Guards {
  /// The guards in the form of a header's table: what ``init(parsing:)`` reads; limits that are not set are left out.
  public var json: JSON {
    var members = JSONObject()
    members["writes"] = writes.map { .array($0.map(JSON.string)) }
    members["max_writes"] = Self.table([
      "run": maxWrites.run.map { .integer(Int64($0)) }, "day": maxWrites.day.map { .integer(Int64($0)) },
    ])
    members["max_amount"] = Self.table(["run": maxAmount.run?.json, "day": maxAmount.day?.json])
    members["require_approval"] = Self.table([
      "amount": approvalAmount?.json, "count": approvalCount.map { .integer(Int64($0)) },
      "expires": approvalExpires.map(JSON.integer),
    ])
    members["stop_after"] = stopAfter.map { .integer(Int64($0)) }
    let hours = quietHours.map(\.json)
    if !hours.isEmpty { members["quiet_hours"] = hours.count == 1 ? hours[0] : .array(hours) }
    members["same_subject"] = sameSubject.flatMap { pace in
      Self.table(["every": pace.every.map(JSON.integer), "times": pace.times.map { .integer(Int64($0)) }])
    }
    return .object(members)
  }

  private static func table(_ members: KeyValuePairs<String, JSON?>) -> JSON? {
    let known = members.compactMap { entry in entry.value.map { (key: entry.key, value: $0) } }
    return known.isEmpty ? nil : .object(JSONObject(known))
  }
}
