import Catalogue
import JSON
import Journal
import Testing

@testable import Playbooks

@Suite struct BundleTests {
  private static let phone = "13812345678"
  private static let run = RunID("run-20261123-00000001")

  private static func step(
    _ ordinals: [Int], _ name: String, _ arguments: JSON, sequence: Int, returns values: [JSON]
  ) -> Step {
    Step(
      path: StepPath(ordinals), name: name, arguments: arguments.bytes(.canonical),
      digest: RunScript.digest(name, arguments), result: .returned(values.map { $0.bytes() }), sequence: sequence,
      began: 1000, instant: 1200, attempts: 2, line: "x.lua:3")
  }

  /// A run with one record of everything.
  private static var history: RunHistory {
    var record = RunRecord(
      id: run, playbook: "x", version: "v", profile: "shop", trigger: .event, by: "li@host",
      parameters: ["phone": .string(phone), "n": 1], event: ["tel": .string(phone)], tags: ["1": ["vip"]],
      zone: "Asia/Shanghai", started: 900, status: .waiting(.settlement))
    record.wake = 5000
    record.result = [.string("call \(phone)")]
    record.failure = ["message": "no"]
    record.ended = 6000
    let address: JSON = ["phone": .string(phone), "name": "李"]
    let decision = Decision(
      subject: "1", kind: .waiting, reason: "r", detail: "tel \(phone)",
      amount: Charge(minorUnits: 5, currency: "CNY", direction: .forgone), step: StepPath([2]))
    var effect = EffectRecord(
      run: run, path: StepPath([2]), operation: "account.addresses.save", arguments: address,
      digest: RunScript.digest("account.addresses.save", address),
      claims: [ClaimKey(profile: "shop", kind: "account.address", id: "1")], subjects: ["1"],
      charge: Charge(minorUnits: 5, currency: "CNY", direction: .out), instant: 1100)
    effect.state = .disputed
    effect.attempt = 2
    effect.changed = 1300
    effect.detail = "asked \(phone)"
    effect.answer = ["id": 1]
    return RunHistory(
      record: record,
      steps: [
        step([1], "taobao.refunds.get", ["refundId": "1"], sequence: 1, returns: [["refundId": "1"], ["code": 200]]),
        step([2], "account.addresses.save", address, sequence: 2, returns: [.null, "in_doubt"]),
        Step(
          path: StepPath([3, 1, 1]), name: "sleep", arguments: Array("{}".utf8), digest: "d",
          result: .raised(JSON.object(["code": "x", "message": .string("no \(phone)")]).bytes()), sequence: 3,
          instant: 1400),
      ],
      notes: [
        Note(after: StepPath([1]), ordinal: 1, content: .decision(decision)),
        Note(after: StepPath([1]), ordinal: 2, content: .outcome(decision)),
        Note(
          after: StepPath([2]), ordinal: 1,
          content: .log(LogLine(level: "info", message: "m \(phone)", fields: ["tel": .string(phone)]))),
        Note(after: StepPath(), ordinal: 1, content: .report(["title": "t", "rows": [[.string(phone)]]])),
      ], effects: [effect],
      approvals: [
        Approval(
          id: "A1", run: run, path: StepPath([4]), title: "may \(phone)?", items: [["tel": .string(phone)]],
          digest: "dd", claims: [], asked: 1500, expires: 9000, state: .rejected, by: "li", why: "no \(phone)",
          decided: 1600)
      ])
  }

  private static let version = PlaybookVersion(
    id: "v", files: [PlaybookVersion.File(name: "playbook", path: "x.lua", bytes: Array("return 1 -- 好".utf8))],
    catalogue: "c")

  @Test func isReadBackAsItWas() throws {
    let bundle = RunBundle(
      version: Self.version, history: Self.history, ebb: "0.1.0", exported: 7000, redaction: ["replay": "identical"])
    let text = bundle.json.text(.pretty)
    #expect(try RunBundle(reading: JSON(parsing: text)) == bundle)
  }

  @Test func nothingAboutPeopleIsLeft() throws {
    let bundle = RunBundle(version: Self.version, history: Self.history, ebb: "0.1.0", exported: 7000)
    let (redacted, replaced) = bundle.redacted(by: catalogue) { $0.replacing("li@host", with: "[secret]") }
    #expect(replaced == 1)
    let text = redacted.json.text()
    #expect(!text.contains(Self.phone))
    #expect(!text.contains("李"))
    // Who did it stays; ids, instants and the script's own text do.
    #expect(redacted.history.record.by == "li@host")
    #expect(redacted.version == Self.version)
    #expect(redacted.history.steps[0] == Self.history.steps[0])
    #expect(redacted.history.steps.map(\.path) == Self.history.steps.map(\.path))
  }

  @Test func digestsFitWhatIsThere() throws {
    let bundle = RunBundle(version: Self.version, history: Self.history, ebb: "0.1.0", exported: 7000)
    let redacted = bundle.redacted(by: catalogue) { $0 }.bundle.history
    let step = redacted.steps[1]
    let arguments = try JSON(parsing: step.arguments)
    #expect(arguments["phone"] != .string(Self.phone))
    #expect(step.digest == RunScript.digest(step.name, arguments))
    #expect(redacted.effects[0].digest == step.digest)
    #expect(redacted.effects[0].arguments == arguments)
    // The same person everywhere.
    let other = try #require(arguments["phone"]?.string)
    #expect(redacted.record.parameters["phone"] == .string(other))
    #expect(redacted.record.result == [.string("call \(other)")])
    #expect(redacted.approvals[0].why == "no \(other)")
    #expect(redacted.effects[0].detail == "asked \(other)")
  }

  @Test(
    arguments: [
      ("{}", "this is no bundle of a run"), (#"{"format": "ebb-bundle", "format_version": 2}"#, "the bundle is of a"),
      (#"{"format": "ebb-bundle", "format_version": 1}"#, "the bundle has no text at /run/id"),
    ])
  func saysWhatIsWrongWithADocument(_ text: String, _ message: String) throws {
    let document = try JSON(parsing: text)
    let problem = #expect(throws: BundleProblem.self) { try RunBundle(reading: document) }
    #expect(problem?.description.hasPrefix(message) == true)
  }

  /// A document that is damaged anywhere is refused or read, and nothing else.
  @Test func aDamagedDocumentIsNoTrap() throws {
    let bundle = RunBundle(version: Self.version, history: Self.history, ebb: "0.1.0", exported: 7000)
    var refused = 0
    for pointer in Self.pointers(in: bundle.json) {
      for damage: JSON in [.null, 5, "x", [], [:], -1] {
        var document = bundle.json
        _ = document.set(damage, at: pointer)
        do { _ = try RunBundle(reading: document) } catch { refused += 1 }
      }
    }
    #expect(refused > 200)
  }

  private static func pointers(in value: JSON, at pointer: JSONPointer = JSONPointer()) -> [JSONPointer] {
    switch value {
    case .object(let members):
      members.flatMap { pointers(in: $0.value, at: pointer.appending($0.key)) } + [pointer]
    case .array(let elements):
      elements.enumerated().flatMap { pointers(in: $0.element, at: pointer.appending($0.offset)) } + [pointer]
    default: [pointer]
    }
  }
}
