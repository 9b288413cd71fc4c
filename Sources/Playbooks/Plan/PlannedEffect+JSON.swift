import Catalogue
import JSON
import Journal

extension PlannedEffect {
  /// The effect as the plan's document has it (docs/plans.md); members that say nothing are left out.
  var json: JSON {
    var members: JSONObject = [
      "id": .string(path.description), "operation": .string(operation), "arguments": arguments,
    ]
    members["subject"] = subject
    members["reason"] = reason.map(JSON.string)
    members["line"] = line.map(JSON.string)
    members["resources"] = .array(resources.map(JSON.string))
    members["amount"] = charge.map(\.json)
    members["before"] = .array(readings.map(\.json))
    members["changes"] = .array(
      changes.map { ["field": .string($0.field.description), "before": $0.before, "after": $0.after] })
    members["approval"] = approval.map(JSON.string)
    members["waits_until"] = waits.map { .string(InstantText.text($0)) }
    if !creates.isEmpty {
      members["creates"] = .object(
        JSONObject(
          creates.sorted { $0.key < $1.key }.map { entry in
            (key: entry.key, value: .array(entry.value.map { .string($0.description) }))
          }))
    }
    if !after.isEmpty { members["depends_on"] = .array(after.map { .string($0.description) }) }
    return .object(members)
  }

  /// Reads ``json``; nil for anything else.
  init?(_ json: JSON) {
    guard let path = json["id"]?.string.flatMap(StepPath.init(text:)), let operation = json["operation"]?.string,
      let arguments = json["arguments"], let readings = json["before"]?.array,
      let resources = json["resources"]?.array
    else { return nil }
    let read = readings.compactMap(Reading.init)
    let after = json["depends_on"]?.array ?? []
    let paths = after.compactMap { $0.string.flatMap(StepPath.init(text:)) }
    guard read.count == readings.count, paths.count == after.count else { return nil }
    self.init(
      path: path, operation: operation, arguments: arguments, subject: json["subject"],
      reason: json["reason"]?.string, line: json["line"]?.string, resources: resources.compactMap(\.string),
      readings: read,
      changes: (json["changes"]?.array ?? []).compactMap { change in
        change["field"]?.string.flatMap { JSONPointer($0) }.map {
          PlannedChange(field: $0, before: change["before"] ?? .null, after: change["after"] ?? .null)
        }
      },
      charge: Charge(json: json["amount"]), approval: json["approval"]?.string,
      waits: json["waits_until"]?.string.flatMap(InstantText.milliseconds),
      creates: Dictionary(
        (json["creates"]?.object ?? [:]).map { name, places in
          (name, (places.array ?? []).compactMap { $0.string.flatMap { JSONPointer($0) } })
        }
      ) { first, _ in first },
      after: paths)
  }
}

extension PlannedEffect.Reading {
  var json: JSON {
    [
      "operation": .string(operation), "arguments": arguments,
      "fields": .array(fields.map { ["field": .string($0.field.description), "value": $0.value] }),
    ]
  }

  init?(_ json: JSON) {
    guard let operation = json["operation"]?.string, let arguments = json["arguments"],
      let list = json["fields"]?.array
    else { return nil }
    let fields = list.compactMap { field in
      field["field"]?.string.flatMap { JSONPointer($0) }.map { PlannedEffect.Field($0, field["value"] ?? .null) }
    }
    guard fields.count == list.count else { return nil }
    self.init(operation: operation, arguments: arguments, fields: fields)
  }
}

extension PlannedApproval {
  var json: JSON { ["step": .string(path.description), "title": .string(title), "items": items] }

  init?(_ json: JSON) {
    guard let path = json["step"]?.string.flatMap(StepPath.init(text:)), let title = json["title"]?.string else {
      return nil
    }
    self.init(path: path, title: title, items: json["items"] ?? .null)
  }
}

extension Charge {
  /// The charge with its direction: `{fen, currency, direction}`.
  var json: JSON {
    ["fen": .integer(minorUnits), "currency": .string(currency), "direction": .string(direction.rawValue)]
  }

  /// Reads ``json``; nil for anything else.
  init?(json: JSON?) {
    guard let minorUnits = json?["fen"]?.integer, let currency = json?["currency"]?.string,
      let direction = json?["direction"]?.string.flatMap(Direction.init(rawValue:))
    else { return nil }
    self.init(minorUnits: minorUnits, currency: currency, direction: direction)
  }
}

extension StepPath {
  /// Reads a path as people see it, e.g. `5/2`; nil for anything else.
  init?(text: String) {
    if text.isEmpty {
      self.init()
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let ordinals = parts.compactMap { Int($0) }
    guard ordinals.count == parts.count, ordinals.allSatisfy({ $0 > 0 }) else { return nil }
    self.init(ordinals)
  }
}

extension Subject {
  /// The fields that ``init(_:)`` reads.
  var json: JSON {
    var fields: JSONObject = ["id": .string(id)]
    fields["amount"] = amount?.json
    fields["deadline"] = deadline.map(JSON.integer)
    fields["title"] = title.map(JSON.string)
    return .object(fields)
  }
}
