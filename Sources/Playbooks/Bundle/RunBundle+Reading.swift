public import JSON
import Journal

extension RunBundle {
  /// Reads a document that ``json`` wrote.
  ///
  /// - Throws: ``BundleProblem`` where it is none, is of a later format, or lacks something; with the place.
  public init(reading document: JSON) throws(BundleProblem) {
    guard document["format"]?.string == Self.format else { throw BundleProblem("this is no bundle of a run") }
    guard let number = document["format_version"]?.integer, number <= Self.formatVersion else {
      throw BundleProblem("the bundle is of a later format; a newer ebb reads it")
    }
    let root = BundleReader(value: document)
    let record = try root["run"].run()
    let version = try root["version"].version()
    let history = RunHistory(
      record: record, steps: try root["steps"].list { reader throws(BundleProblem) in try reader.step() },
      notes: try root["notes"].list { reader throws(BundleProblem) in try reader.note() },
      effects: try root["effects"].list { reader throws(BundleProblem) in try reader.effect(of: record.id) },
      approvals: try root["approvals"].list { reader throws(BundleProblem) in try reader.approval(of: record.id) })
    self.init(
      version: version, history: history, ebb: try root["ebb"].text(), exported: try root["exported"].instant(),
      redaction: document["redaction"] ?? [:])
  }
}

/// What is wrong with a bundle.
public struct BundleProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// One value of a bundle and its place.
private struct BundleReader {
  let value: JSON
  var place = ""

  subscript(key: String) -> BundleReader {
    BundleReader(value: value[key] ?? .null, place: place + "/" + key)
  }

  func problem(_ expected: String) -> BundleProblem {
    BundleProblem("the bundle has no \(expected) at \(place.isEmpty ? "/" : place)")
  }

  func text() throws(BundleProblem) -> String {
    guard let text = value.string else { throw problem("text") }
    return text
  }

  func integer() throws(BundleProblem) -> Int64 {
    guard let integer = value.integer else { throw problem("integer") }
    return integer
  }

  func instant() throws(BundleProblem) -> Milliseconds {
    guard let instant = value.string.flatMap(InstantText.milliseconds) else { throw problem("instant") }
    return instant
  }

  func word<Word: RawRepresentable<String>>(_ kind: Word.Type) throws(BundleProblem) -> Word {
    guard let word = value.string.flatMap(Word.init(rawValue:)) else { throw problem("known word") }
    return word
  }

  func path() throws(BundleProblem) -> StepPath {
    let text = try text()
    let parts = text.isEmpty ? [] : text.split(separator: "/", omittingEmptySubsequences: false)
    let ordinals = parts.compactMap { Int($0) }
    guard ordinals.count == parts.count, ordinals.allSatisfy({ $0 > 0 }) else { throw problem("path of a step") }
    return StepPath(ordinals)
  }

  /// The member, or nil where there is none.
  func optional<Value>(
    _ key: String, _ read: (BundleReader) throws(BundleProblem) -> Value
  ) throws(BundleProblem) -> Value? {
    let member = self[key]
    return member.value.isNull ? nil : try read(member)
  }

  func list<Value>(_ read: (BundleReader) throws(BundleProblem) -> Value) throws(BundleProblem) -> [Value] {
    guard let elements = value.array else { throw problem("list") }
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      values.append(try read(BundleReader(value: element, place: "\(place)/\(index)")))
    }
    return values
  }
}

extension BundleReader {
  func run() throws(BundleProblem) -> RunRecord {
    var record = RunRecord(
      id: RunID(try self["id"].text()), playbook: try self["playbook"].text(), version: try self["version"].text(),
      profile: try self["profile"].text(), trigger: try self["trigger"].word(Trigger.self),
      by: try self["by"].text(), parameters: self["parameters"].value, event: self["event"].value,
      tags: self["tags"].value, zone: try self["zone"].text(), started: try self["started"].instant(),
      status: try status())
    record.wake = try optional("wake") { reader throws(BundleProblem) in try reader.instant() }
    record.result = value["result"]
    record.failure = value["failure"]
    record.ended = try optional("ended") { reader throws(BundleProblem) in try reader.instant() }
    return record
  }

  private func status() throws(BundleProblem) -> RunStatus {
    switch try self["status"].text() {
    case "queued": return .queued
    case "running": return .running
    case "waiting": return .waiting(try self["waiting_for"].word(RunStatus.Wait.self))
    case "paused": return .paused
    case "succeeded": return .succeeded
    case "failed": return .failed
    case "cancelled": return .cancelled
    case "diverged": return .diverged
    default: throw self["status"].problem("status")
    }
  }

  func version() throws(BundleProblem) -> PlaybookVersion {
    PlaybookVersion(
      id: try self["id"].text(),
      files: try self["files"].list { reader throws(BundleProblem) in
        PlaybookVersion.File(
          name: try reader["name"].text(), path: try reader["path"].text(), bytes: Array(try reader["text"].text().utf8)
        )
      }, catalogue: try self["catalogue"].text())
  }

  func step() throws(BundleProblem) -> Step {
    let result: Step.Result =
      if value["raised"] != nil {
        .raised(self["raised"].value.bytes())
      } else {
        .returned(try self["returned"].list { $0.value.bytes() })
      }
    return Step(
      path: try self["path"].path(), name: try self["name"].text(),
      arguments: self["arguments"].value.bytes(.canonical),
      digest: try self["digest"].text(), result: result, sequence: Int(try self["sequence"].integer()),
      began: try self["began"].instant(), instant: try self["instant"].instant(),
      attempts: Int(try self["attempts"].integer()), line: value["line"]?.string)
  }

  func note() throws(BundleProblem) -> Note {
    let content: Note.Content
    if value["decision"] != nil {
      content = .decision(try self["decision"].decision())
    } else if value["outcome"] != nil {
      content = .outcome(try self["outcome"].decision())
    } else if value["log"] != nil {
      let line = self["log"]
      content = .log(
        LogLine(
          level: try line["level"].text(), message: try line["message"].text(), fields: line["fields"].value))
    } else if value["dispatch"] != nil {
      let dispatch = self["dispatch"]
      content = .dispatch(
        Dispatch(
          digest: try dispatch["digest"].text(), copies: Int(try dispatch["copies"].integer()),
          attempts: Int(try dispatch["attempts"].integer())))
    } else {
      content = .report(self["report"].value)
    }
    return Note(after: try self["after"].path(), ordinal: Int(try self["ordinal"].integer()), content: content)
  }

  private func decision() throws(BundleProblem) -> Decision {
    Decision(
      subject: try self["subject"].text(), kind: try self["kind"].word(Decision.Kind.self),
      reason: try self["reason"].text(), detail: value["detail"]?.string,
      amount: try optional("amount") { reader throws(BundleProblem) in try reader.charge() },
      step: try self["step"].path())
  }

  private func charge() throws(BundleProblem) -> Charge {
    Charge(
      minorUnits: try self["fen"].integer(), currency: try self["currency"].text(),
      direction: try self["direction"].word(Charge.Direction.self))
  }

  private func claim() throws(BundleProblem) -> ClaimKey {
    ClaimKey(profile: try self["profile"].text(), kind: try self["kind"].text(), id: try self["id"].text())
  }

  func effect(of run: RunID) throws(BundleProblem) -> EffectRecord {
    var effect = EffectRecord(
      run: run, path: try self["path"].path(), operation: try self["operation"].text(),
      arguments: self["arguments"].value, digest: try self["digest"].text(),
      claims: try self["claims"].list { reader throws(BundleProblem) in try reader.claim() },
      subjects: try self["subjects"].list { reader throws(BundleProblem) in try reader.text() },
      charge: try optional("charge") { reader throws(BundleProblem) in try reader.charge() },
      instant: try self["intended"].instant())
    effect.state = try self["state"].word(EffectState.self)
    effect.attempt = Int(try self["attempt"].integer())
    effect.changed = try self["changed"].instant()
    effect.detail = value["detail"]?.string
    effect.answer = value["answer"]
    return effect
  }

  func approval(of run: RunID) throws(BundleProblem) -> Approval {
    Approval(
      id: try self["id"].text(), run: run, path: try self["path"].path(), title: try self["title"].text(),
      items: self["items"].value, digest: try self["digest"].text(),
      claims: try self["claims"].list { reader throws(BundleProblem) in try reader.claim() },
      asked: try self["asked"].instant(), expires: try self["expires"].instant(),
      state: try self["state"].word(Approval.State.self), by: value["by"]?.string, why: value["why"]?.string,
      decided: try optional("decided") { reader throws(BundleProblem) in try reader.instant() })
  }
}
