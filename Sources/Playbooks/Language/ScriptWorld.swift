import Catalogue
import JSON
import Journal
import Lua

import struct Foundation.Date
import struct Foundation.TimeZone

/// A Lua state in which the language of playbooks is defined.
///
/// Confined, as the state is, to the actor that owns it.
final class ScriptWorld {
  let lua: LuaState
  let catalogue: Catalogue
  private let texts: ScriptTexts
  unowned let host: any ScriptHost
  /// The function that the next `branches` runs: functions do not pass as values.
  var held: LuaFunction?
  /// The zones that the script named.
  private var zones: [String: TimeZone] = [:]
  /// The parts of the language that are loaded.
  private var parts: Set<LanguagePart> = []

  /// A fresh world; the language is there, the script has not run.
  init(catalogue: Catalogue, texts: ScriptTexts, limits: LuaLimits, seed: UInt64, host: any ScriptHost)
    throws(LuaError)
  {
    lua = try LuaState(limits: limits, seed: seed)
    self.catalogue = catalogue
    self.texts = texts
    self.host = host
    // Most scripts name a few of the calls: what none of them named is not there.
    lua.registerOnDemand(
      [
        { [unowned self] in registerOperations() }, { [unowned self] in registerSaying() },
        { [unowned self] in registerTime() }, { [unowned self] in registerHeader() },
        { [unowned self] in registerPlan() }, { [unowned self] in registerState() },
        { [unowned self] in registerEvents() },
      ])
    try defineLanguage()
  }

  /// The playbook's own text, compiled.
  func main() throws(LuaError) -> LuaFunction {
    try lua.load(texts.main.bytes, name: texts.main.path, visibility: .script)
  }

  private func defineLanguage() throws(LuaError) {
    lua.moduleLoader = texts.module
    define("part") { [unowned self] call in part(call) }
    guard let core = try LanguagePart.core.load(from: texts, into: lua) else {
      throw LuaError(kind: .source, message: "the version holds no language: its store is damaged")
    }
    let branch = lua.start(core, seed: 0)
    if case .failed(let error) = lua.resume(branch, with: .start([])) { throw error }
  }

  /// The part of the language that defines a name, once; nothing for a name of the script's own.
  private func part(_ call: borrowing HostCall) -> HostReply {
    guard let name = try? Self.arguments(of: call)[0]?.string, let part = LanguagePart(defining: name),
      parts.insert(part).inserted
    else { return .values([]) }
    do throws(LuaError) {
      return try part.load(from: texts, into: lua).map { .function($0) } ?? .values([])
    } catch {
      return raise(ScriptFailure(.invalid, error.message))
    }
  }

  /// Adds a call. One that never waits may be made also where waiting is impossible, such as a message handler; while a
  /// header is read any call may end the script, and so waits.
  func define(_ name: String, waits: Bool = false, _ body: @escaping (borrowing HostCall) -> HostReply) {
    lua.register(name, waits: waits || host.isReadingHeader, body)
  }

  // MARK: What a script says

  private func registerSaying() {
    define("decide") { [unowned self] call in
      say(call) { arguments in
        self.decision(
          Decision.Kind(rawValue: arguments.text(0)) ?? .kept, Subject(arguments[1]), reason: arguments.text(2),
          detail: arguments[3], in: call.branch)
      }
    }
    define("failed") { [unowned self] call in
      say(call) { arguments in
        let problem = arguments[1] ?? .null
        let isKnown = problem["code"] != nil
        let message = (isKnown ? problem["message"] : problem)?.scalarText ?? ""
        let place = arguments[2]?.string ?? ""
        return self.decision(
          .failed, Subject(arguments[0]),
          reason: isKnown ? problem["code"]?.scalarText ?? "error" : "the script failed",
          detail: .string(message.hasPrefix(place) ? message : "\(place): \(message)"), in: call.branch)
      }
    }
    define("log") { [unowned self] call in
      say(call) { arguments in
        .log(LogLine(level: arguments.text(0), message: arguments.text(1), fields: arguments[2] ?? .null))
      }
    }
    define("report") { [unowned self] call in
      say(call) { arguments in
        var report: JSONObject = ["title": arguments[0] ?? "", "rows": arguments[1] ?? []]
        report["columns"] = arguments[2].flatMap { $0.isNull ? nil : $0 }
        report["totals"] = arguments[3].flatMap { $0.isNull ? nil : $0 }
        return .report(.object(report))
      }
    }
    define("stopped") { [unowned self] call in .values(host.stoppedReason.map { [.string($0)] } ?? []) }
    define("where") { call in
      .values(call.position().map { [.string("\($0.file):\($0.line)")] } ?? [])
    }
    define("raise") { [unowned self] call in
      answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        throw ScriptFailure(ScriptFailure.Code(rawValue: arguments.text(0)) ?? .invalid, arguments.text(1))
      }
    }
  }

  private func decision(
    _ kind: Decision.Kind, _ subject: Subject, reason: String, detail: JSON?, in branch: LuaBranch
  ) -> Note.Content {
    .decision(
      Decision(
        subject: subject.id, kind: kind, reason: reason, detail: detail.flatMap(Self.text), amount: subject.charge,
        step: host.lastStep(of: branch)))
  }

  private static func text(_ value: JSON) -> String? {
    if value.isNull { return nil }
    if let money = Money(json: value) { return money.description }
    return value.scalarText ?? value.text()
  }

  // MARK: Time

  private func registerTime() {
    define("now") { [unowned self] call in
      answer(call) { _ throws(ScriptFailure) in [.integer(self.host.now(in: call.branch))] }
    }
    define("sleep", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        let (instant, overflow) = self.host.now(in: call.branch).addingReportingOverflow(
          try Self.duration(arguments[0]))
        guard !overflow, Self.instants.contains(instant) else {
          throw ScriptFailure(.invalid, "sleep: nothing waits beyond the year 9999")
        }
        return .wait(until: instant, name: "sleep")
      }
    }
    define("wait_until", waits: true) { [unowned self] call in
      request(call) { arguments throws(ScriptFailure) in
        guard let instant = arguments[0]?.integer ?? arguments[0]?.string.flatMap(InstantText.milliseconds) else {
          throw ScriptFailure(.invalid, "wait_until takes an instant in milliseconds, or 2026-11-01T09:30:00+08:00")
        }
        guard Self.instants.contains(instant) else {
          throw ScriptFailure(.invalid, "wait_until: \(instant) is no instant between the years 1970 and 9999")
        }
        return .wait(until: instant, name: "wait_until")
      }
    }
    define("duration") { [unowned self] call in
      answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        [.integer(try Self.duration(arguments[0]))]
      }
    }
    define("instant") { [unowned self] call in
      answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        InstantText.milliseconds(arguments.text(0)).map { [.integer($0)] } ?? []
      }
    }
    define("zone_offset") { [unowned self] call in
      answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        [.integer(try self.offset(at: arguments[0], in: arguments[1]))]
      }
    }
    define("format_time") { [unowned self] call in
      answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        guard let instant = arguments[0]?.integer else { throw ScriptFailure(.invalid, "an instant is an integer") }
        return [.string(InstantText.text(instant))]
      }
    }
  }

  /// What a zone's clock is ahead of UTC at an instant, in milliseconds.
  private func offset(at instant: JSON?, in name: JSON?) throws(ScriptFailure) -> Milliseconds {
    guard let instant = instant?.integer, Self.calendar.contains(instant) else {
      throw ScriptFailure(.invalid, "\(instant ?? .null) is no instant on the calendar")
    }
    let zone = try name.map { name throws(ScriptFailure) in try self.zone(name) } ?? host.zone
    return Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))) * 1000
  }

  private func zone(_ name: JSON) throws(ScriptFailure) -> TimeZone {
    let name = name.scalarText ?? ""
    if let known = zones[name] { return known }
    // Letters such as CST stand for several zones.
    let isAmbiguous = TimeZone.abbreviationDictionary[name] != nil && !["UTC", "GMT"].contains(name)
    guard !isAmbiguous, let zone = TimeZone(identifier: name) else {
      let near = EditDistance.nearest(to: name, among: TimeZone.knownTimeZoneIdentifiers)
      throw ScriptFailure(
        .invalid, "there is no time zone \(name)", hint: near.map { "did you mean \($0)?" } ?? "e.g. Asia/Shanghai")
    }
    zones[name] = zone
    return zone
  }

  /// The instants of the years 1 to 9999, with room for what clocks are ahead or behind.
  private static let calendar: ClosedRange<Milliseconds> = -62_135_769_600_000...253_402_473_600_000

  /// What can be waited for, in milliseconds since 1970: up to the end of the year 9999.
  private static let instants: ClosedRange<Milliseconds> = 0...253_402_300_799_999

  static func duration(_ value: JSON?) throws(ScriptFailure) -> Milliseconds {
    guard let milliseconds = value?.integer ?? value?.string.flatMap(DurationText.milliseconds), milliseconds >= 0
    else {
      throw ScriptFailure(
        .invalid, "\(value ?? .null) is no duration: an integer of milliseconds, or text such as 7d, 1h30m, 500ms")
    }
    return milliseconds
  }

  // MARK: The header

  private func registerHeader() {
    define("params") { [unowned self] _ in .values([host.givenParameters]) }
    define("event") { [unowned self] _ in .values(host.event.map { [$0] } ?? []) }
    define("playbook") { [unowned self] call in
      if host.isReadingHeader {
        return request(call, isLeaving: false) { arguments throws(ScriptFailure) in .header(arguments[0] ?? [:]) }
      }
      return answer(call, isLeaving: false) { arguments throws(ScriptFailure) in
        do throws(ParameterProblem) {
          return [try self.host.parameters(of: arguments[0] ?? [:])]
        } catch {
          throw ScriptFailure(.invalid, error.description, hint: error.hint)
        }
      }
    }
  }

  // MARK: The two shapes of a call

  /// A call that is answered at once.
  func answer(
    _ call: borrowing HostCall, isLeaving: Bool = true, _ body: (HostArguments) throws(ScriptFailure) -> [JSON]
  ) -> HostReply {
    if isLeaving, host.isReadingHeader { return endOfHeader(call) }
    do throws(ScriptFailure) {
      return .values(try body(try Self.arguments(of: call)))
    } catch {
      return raise(error)
    }
  }

  /// A call that only says something.
  private func say(_ call: borrowing HostCall, _ content: (HostArguments) -> Note.Content) -> HostReply {
    let branch = call.branch
    return answer(call) { arguments throws(ScriptFailure) in
      self.host.note(content(arguments), in: branch)
      return []
    }
  }

  /// A call that the branch waits for.
  func request(
    _ call: borrowing HostCall, isLeaving: Bool = true,
    _ body: (HostArguments) throws(ScriptFailure) -> ScriptRequest
  ) -> HostReply {
    if isLeaving, host.isReadingHeader { return endOfHeader(call) }
    do throws(ScriptFailure) {
      let request = try body(try Self.arguments(of: call))
      host.take(request, from: call.branch, at: call.position(), host.isWatched ? call.scopes() : [])
      return .suspend
    } catch {
      return raise(error)
    }
  }

  /// A call that leaves the script before its header: there is none. The script stops here, and no `pcall` of its own
  /// can go on from it; where it cannot be stopped, the call raises.
  private func endOfHeader(_ call: borrowing HostCall) -> HostReply {
    if call.canSuspend { return .suspend }
    return raise(ScriptFailure(.header, "the header is read before the script runs: playbook{…} comes first"))
  }

  private static func arguments(of call: borrowing HostCall) throws(ScriptFailure) -> HostArguments {
    do throws(LuaError) {
      return HostArguments(values: try call.json())
    } catch {
      throw ScriptFailure(.invalid, error.message)
    }
  }

  private func raise(_ failure: ScriptFailure) -> HostReply {
    .raise(LuaRaise(fields: failure.fields))
  }
}

extension Subject {
  /// The amount as a decision keeps it.
  var charge: Charge? {
    amount.map { Charge(minorUnits: $0.minorUnits, currency: $0.currency, direction: .forgone) }
  }
}
