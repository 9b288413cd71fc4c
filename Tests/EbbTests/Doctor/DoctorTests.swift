import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Testing

@testable import ebb

@Suite struct DoctorTests {
  /// A project in a folder of its own, with a store where one is asked for.
  struct Clinic {
    let folder: URL
    var environment: EnvironmentVariables = [:]
    var now: Milliseconds = 1_793_491_200_000  // 2026-11-01T00:00:00Z
    var transport: (any Transport)?

    init(_ yaml: String? = nil) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      if let yaml { try Data(yaml.utf8).write(to: folder.appending(path: "ebb.yaml")) }
    }

    var storePath: String { folder.appending(path: ".ebb/store.db").path(percentEncoded: false) }

    func store() throws -> SQLiteStore {
      try StoreOptions.makeFolder(of: storePath)
      return try SQLiteStore(path: storePath)
    }

    var patient: Patient {
      let folder = folder.path(percentEncoded: false)
      let now = now
      return Patient(
        configuration: Result { () throws(CommandFailure) in
          try Configuration.load(from: folder, environment: environment)
        }, storePath: .success(storePath),
        catalogue: Result { () throws(CommandFailure) in try Catalogue.forCommands() }, transport: transport,
        now: { now })
    }

    func lines(_ check: any DoctorCheck) async -> [String] {
      await check.diagnoses(in: patient).map { "\($0.level) \($0.message)" }
    }
  }

  static let shop = "profiles:\n  shop1:\n    base_url: https://api.pandapon.com\n"

  @Test func anEmptyProjectIsWellButHasNoProfile() async throws {
    let checkup = await Checkup(of: try Clinic().patient)
    #expect(checkup.status == .done && checkup.count(.warning) == 1)
    #expect(Set(checkup.results.map(\.check)).count == Checkup.checks.count, "every check says something")
    #expect(checkup.results.first { $0.diagnosis.level == .warning }?.diagnosis.message == "there is none")
    for result in checkup.results where result.diagnosis.level != .ok {
      #expect(result.diagnosis.hint?.isEmpty == false)
    }
  }

  @Test func aConfigurationThatCannotBeReadIsAnErrorAndNothingElseFails() async throws {
    let checkup = await Checkup(of: try Clinic("profles: {}\n").patient)
    #expect(checkup.status == .failed && checkup.count(.error) == 1)
    #expect(checkup.results.first?.diagnosis.hint?.contains("profiles") == true)
    let document = checkup.document
    #expect(document["exit_code"] == 1 && document["checks"]?.array?.count == checkup.results.count)
  }

  @Test func variablesThatMeanNothingAreNamed() async throws {
    var clinic = try Clinic()
    clinic.environment = ["EBB_BASE_ULR": "x", "EBB_STORE": "/tmp/x.db"]
    let lines = await clinic.lines(ConfigurationCheck())
    #expect(lines.contains("warning EBB_BASE_ULR is set and means nothing to Ebb"))
    #expect(lines[0].contains("over it EBB_STORE"))
  }

  @Test func whatOthersMayReadIsAnError() async throws {
    let clinic = try Clinic()
    #expect(await clinic.lines(ModesCheck()) == ["ok nothing is kept yet"])
    _ = try clinic.store()
    #expect(await clinic.lines(ModesCheck()).allSatisfy { $0.hasPrefix("ok") })
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: clinic.storePath)
    #expect(await clinic.lines(ModesCheck()).contains("error others may read \(clinic.storePath) (0644)"))
  }

  @Test func aStoreThatIsNoneIsAnError() async throws {
    let clinic = try Clinic()
    #expect(await clinic.lines(StoreDiagnosis()).first?.hasPrefix("ok there is none yet") == true)
    try StoreOptions.makeFolder(of: clinic.storePath)
    try Data("this is no database, whatever it is called".utf8).write(to: URL(filePath: clinic.storePath))
    #expect(await clinic.lines(StoreDiagnosis()).first?.hasPrefix("error") == true)
  }

  @Test func schedulesThatDoNotFireAreNamed() async throws {
    let clinic = try Clinic(Self.shop)
    let store = try clinic.store()
    let signature = Signature(by: "test", at: clinic.now)
    func put(_ name: String, _ terms: JSON, through: Milliseconds? = nil) async throws {
      let record = ScheduleRecord(
        key: ScheduleKey(name, profile: "shop1"), playbook: "p", origin: .added, terms: terms,
        through: through ?? clinic.now)
      _ = try await store.put(record, replacing: nil, signature)
    }
    #expect(await clinic.lines(ScheduleCheck()) == ["ok none is in force"])
    try await store.enable(Enablement(playbook: "p", profile: "shop1", mode: .live, since: 0), signature)
    try await put("good", ["every": "1h"])
    #expect(await clinic.lines(ScheduleCheck()) == ["ok 1 will fire"])
    try await put("broken", ["cron": "no such thing"])
    try await put("once", ["at": "2026-10-01T00:00:00Z"])
    try await put("late", ["every": "1h"], through: clinic.now - 86_400_000)
    try await put("paused", ["every": "1h"])
    _ = try await store.pause(ScheduleKey("paused", profile: "shop1"), true, signature)
    try await store.enable(Enablement(playbook: "other", profile: "gone", mode: .plan, since: 0), signature)
    let lines = await clinic.lines(ScheduleCheck())
    #expect(lines[0] == "ok 1 will fire")
    for expected in [
      "error broken (shop1) cannot be read", "warning once (shop1) fires never again", "error late (shop1) was due at",
      "warning paused (shop1) is paused", "error other is enabled for gone",
    ] { #expect(lines.contains { $0.hasPrefix(expected) }, "\(expected): \(lines)") }
    #expect(lines.count == 6)
    _ = try await store.disable("p", profile: "shop1", signature)
    #expect(await clinic.lines(ScheduleCheck()).allSatisfy { !$0.hasPrefix("ok 1") })
  }

  @Test func unsettledEffectsAreCounted() async throws {
    let clinic = try Clinic()
    let store = try clinic.store()
    #expect(await clinic.lines(EffectsCheck()) == ["ok none is unsettled"])
    let run = RunRecord(
      id: "run-1", playbook: "p", version: "v", profile: "shop1", trigger: .manual, parameters: [:],
      started: clinic.now - 7_200_000, status: .running)
    try await store.keep(PlaybookVersion(id: "v", files: [], catalogue: "c"))
    guard
      case .started(let lease?) = try await store.start(
        run, requiring: [], heldBy: LeaseRequest(worker: "w", instant: clinic.now - 7_200_000, length: 1))
    else { return #expect(Bool(false)) }
    let effect = EffectRecord(
      run: "run-1", path: StepPath([1]), operation: "taobao.refunds.cancel", arguments: [:], digest: "d",
      claims: [ClaimKey(profile: "shop1", kind: "taobao.refund", id: "7")], subjects: [], charge: nil,
      instant: clinic.now - 7_200_000)
    _ = try await store.commit(
      [Entry(.intent(effect, budgets: []), instant: clinic.now - 7_200_000)], under: lease)
    let lines = await clinic.lines(EffectsCheck())
    #expect(
      lines == [
        "warning 1 unsettled; the oldest is taobao.refunds.cancel of taobao.refund:7, 2 h old (run run-1)"
      ])
  }

  @Test(
    arguments: [
      (0, "ok agrees with api.pandapon.com's to 1 s"), (90, "warning this machine's clock is 90 s behind"),
      (-90, "warning this machine's clock is 90 s ahead of"), (700, "error this machine's clock is 700 s behind"),
      (nil, "warning api.pandapon.com does not say what time it is"),
    ] as [(Int64?, String)])
  func clocksAreCompared(_ seconds: Int64?, _ expected: String) async throws {
    var clinic = try Clinic(Self.shop)
    #expect(await clinic.lines(ClockCheck()) == ["ok skipped: nothing is to be sent"])
    clinic.transport = ClockTransport(seconds: seconds)
    let lines = await clinic.lines(ClockCheck())
    #expect(lines.count == 1 && lines[0].hasPrefix(expected), "\(lines)")
  }

  /// Answers with a date that is so many seconds after 2026-11-01T00:00:00Z; without one where nil.
  private struct ClockTransport: Transport {
    let seconds: Int64?

    func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
      guard request.headers.allSatisfy({ $0.name != "signature" && $0.name != "access-key" }) else { throw .timeout }
      guard let seconds else { return WireResponse(status: 404) }
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.timeZone = .gmt
      format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
      let date = format.string(from: Date(timeIntervalSince1970: 1_793_491_200 + Double(seconds)))
      return WireResponse(status: 404, headers: [("Date", date)])
    }
  }

  @Test func recipesThatAreAssumedAreSaidToBe() async throws {
    var clinic = try Clinic(Self.shop)
    #expect(await clinic.lines(RecipeCheck()) == ["warning shop1: the default recipe, assumed and not verified"])
    clinic.transport = nil
    var patient = clinic.patient
    patient.recipeGrade = { $0 == "shop1" ? .verified : nil }
    #expect(await RecipeCheck().diagnoses(in: patient) == [.ok("shop1: the default recipe, verified")])
  }

  @Test func whatMayBeSentWithoutBeingDocumentedIsCounted() async throws {
    let clinic = try Clinic(Self.shop)
    #expect(await clinic.lines(EvidenceCheck()).first?.hasPrefix("ok shop1:") == true)
    let bold = try Clinic(Self.shop + "    allow: [inferred, assumed]\n")
    let line = try #require(await bold.lines(EvidenceCheck()).first)
    #expect(line.hasPrefix("warning shop1:") && line.contains(" assumed"))
  }

  @Test func luaAndZonesAreKnown() async throws {
    let clinic = try Clinic()
    #expect(await clinic.lines(LuaCheck()).first?.hasPrefix("ok Lua 5.4.") == true)
    #expect(await clinic.lines(ZoneCheck()).first?.hasPrefix("ok Asia/Shanghai is known") == true)
    var patient = clinic.patient
    let folder = clinic.folder.path(percentEncoded: false)
    try Data("# version 2019c\nmore".utf8).write(to: clinic.folder.appending(path: "tzdata.zi"))
    patient.zoneFolder = folder
    let old = await ZoneCheck().diagnoses(in: patient)
    #expect(old.first?.level == .warning && old.first?.message.contains("2019c") == true)
  }

  // MARK: The command

  @Test func theCommandSaysOneLineForEachFinding() throws {
    let project = try Project(files: ["ebb.yaml": "zone: Asia/Shanghai\n"])
    let result = try project.run("doctor", "--offline")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("ok       configuration"))
    #expect(result.output.contains("warning  profiles       there is none\n"))
    #expect(result.output.hasSuffix(" ok, 1 warnings, 0 errors\n"))
    try project.write("zonne: x\n", to: "ebb.yaml")
    let broken = try project.run("doctor", "--offline", "--json")
    #expect(broken.status == 1)
    #expect(try broken.json["checks"]?.array?.contains { $0["level"] == "error" } == true)
  }

  @Test func aSimulatorIsWell() throws {
    let simulator = try SimulatorProcess()
    let project = try Project(environment: simulator.environment)
    let result = try project.run("doctor", "--json")
    #expect(result.status == 0, "\(result.output)")
    let checks = try #require(try result.json["checks"]?.array)
    #expect(checks.contains { $0["check"] == "profiles" && $0["level"] == "ok" })
    #expect(!result.output.contains(simulator.environment["EBB_ACCESS_SECRET"] ?? "?"))
    _ = simulator.interrupt()
  }
}
