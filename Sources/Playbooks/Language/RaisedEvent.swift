import Catalogue
import JSON
import Journal

/// An event that a script raises, checked.
struct RaisedEvent {
  /// The event of the catalogue, e.g. `taobao.events.refundChanged`.
  let kind: Operation
  /// What its `messageBody` would be.
  let body: JSON
  /// What makes it the same event as one raised before; nil for one that is raised by this step alone.
  let key: String?
  /// From when on an event that says the same makes it needless; nil where it is raised whatever was told.
  let since: Milliseconds?
  /// The kinds of the events that led to it, the latest last.
  let lineage: [String]

  /// As it is journaled.
  var arguments: JSON {
    var arguments: JSONObject = ["kind": .string(kind.id), "body": body]
    arguments["key"] = key.map(JSON.string)
    arguments["since"] = since.map(JSON.integer)
    return .object(arguments)
  }

  /// The event as it is stored: like a callback of that shop, and with what tells it from one.
  func record(of assignment: RunAssignment, at path: StepPath, now: Milliseconds) -> EventRecord {
    let about = try? kind.about()
    let platform = kind.definition["x-ebb-platform"]?.integer
    var envelope: JSONObject = [
      "messageBody": body, "raisedBy": .string(assignment.id.text), "playbook": .string(assignment.name),
      "lineage": .array(lineage.map(JSON.string)),
    ]
    envelope["messagePlatform"] = platform.map(JSON.integer)
    let shop = JSON.string(assignment.profile)
    let identity: JSON = key.map { [shop, .string($0)] } ?? [shop, .string("\(assignment.id)/\(path)")]
    var event = EventRecord(
      key: RunScript.digest("raised \(kind.id)", identity), profile: assignment.profile, kind: kind.id,
      messageType: nil, platform: platform, digest: RunScript.digest("says \(kind.id)", [shop, body]), received: now,
      envelope: .object(envelope))
    event.subject = about?.subject(of: body)
    event.says = about?.state(in: body)
    event.raisedBy = assignment.id
    return event
  }
}
