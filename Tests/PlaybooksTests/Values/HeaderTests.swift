import JSON
import Testing

@testable import Playbooks

@Suite struct HeaderTests {
  @Test func readsEveryField() throws {
    let header = try Header(
      parsing: [
        "ebb": 1, "name": "chase", "title": "Chase · 催促", "profiles": ["a", "b"], "mode": "plan-first",
        "params": ["n": ["type": "integer", "default": 3], "a": ["type": "text", "required": true, "help": "h"]],
        "guards": ["writes": ["taobao.refunds.cancel"]], "schedule": ["every": "30m"],
        "on": ["taobao.events.refundChanged"],
      ], fileName: "file")
    #expect(header.generation == 1 && header.name == "chase" && header.title == "Chase · 催促")
    #expect(header.profiles == ["a", "b"] && header.isPlanFirst)
    #expect(header.parameters.map(\.name) == ["a", "n"])
    #expect(header.parameters[0].isRequired && header.parameters[0].help == "h")
    #expect(header.guards.writes == ["taobao.refunds.cancel"])
    #expect(header.schedule == ["every": "30m"] && header.events == ["taobao.events.refundChanged"])
  }

  @Test(arguments: [[:], ["params": [:]], ["params": []], ["profiles": "all"]] as [JSON])
  func whatIsMissingHasDefaults(_ value: JSON) throws {
    let header = try Header(parsing: value, fileName: "file")
    #expect(header.name == "file" && header.title == "file" && header.generation == 1)
    #expect(header.profiles == nil && header.parameters.isEmpty && !header.isPlanFirst && header.events.isEmpty)
    #expect(header.guards == Guards())
  }

  @Test(
    arguments: [
      (["parms": [:]], "playbook.parms: \"parms\" is not known", "did you mean params?"),
      (["zebra": 1], "playbook.zebra: \"zebra\" is not known", nil),
      (["ebb": 2], "playbook.ebb: this Ebb knows the language up to 1, not 2", "run it with a newer Ebb"),
      (["ebb": 0], "playbook.ebb: this Ebb knows the language up to 1, not 0", nil),
      (["mode": "plan"], "playbook.mode: \"plan\" is not known", "\"plan-first\""),
      (["profiles": "shop1"], "playbook.profiles must be a list of profiles or \"all\"", nil),
      (["params": "limit"], "playbook.params must be a table of named parameters", nil),
      (
        ["schedule": "daily"], "playbook.schedule must be a table",
        "schedule = { cron = \"30 9 * * *\", zone = \"Asia/Shanghai\" }"
      ),
      (["on": "x"], "playbook.on must be a list of events", "on = { \"taobao.events.refundChanged\" }"),
      (["on": [7]], "playbook.on must be a list of events", "on = { \"taobao.events.refundChanged\" }"),
      (["params": ["limit": 5]], "params.limit must be a table", nil),
      (["params": ["limit": [:]]], "params.limit.type is missing", nil),
      (
        ["params": ["limit": ["type": "integr"]]], "params.limit.type: \"integr\" is not known", "did you mean integer?"
      ),
      (
        ["params": ["limit": ["type": "integer", "defalt": 1]]], "params.limit.defalt: \"defalt\" is not known",
        "did you mean default?"
      ),
      (
        ["params": ["limit": ["type": "integer", "default": "many"]]],
        "params.limit.default: \"many\" is not an integer", nil
      ),
      (["params": ["limit": ["type": "integer", "min": "x"]]], "params.limit.min: \"x\" is not an integer", nil),
      (
        ["params": ["limit": ["type": "integer", "max": 1, "default": 2]]],
        "params.limit.default: 2 is more than the most, 1", nil
      ),
      (["params": ["how": ["type": "choice"]]], "params.how is a choice without choices", nil),
      (["params": ["ids": ["type": "list", "of": "list"]]], "params.ids.of: a list holds single values", nil),
      (["params": ["ids": ["type": "list", "of": "idd"]]], "params.ids.of: \"idd\" is not known", "did you mean id?"),
      (["params": ["sum": ["type": "money", "default": "500"]]], "params.sum.default: \"500\" has no unit", nil),
      (["guards": ["max_write": 1]], "guards.max_write: \"max_write\" is not known", "did you mean max_writes?"),
      ("x", "playbook takes a table of fields", nil), ([1], "playbook takes a table of fields", nil),
    ] as [(JSON, String, String?)])
  func refuses(_ value: JSON, _ message: String, _ hint: String?) {
    let problem = #expect(throws: ParameterProblem.self) { try Header(parsing: value, fileName: "file") }
    #expect(problem?.description == message)
    if let hint { #expect(problem?.hint == hint) }
  }

  static let header: JSON = [
    "params": [
      "limit": ["type": "integer", "default": 200, "min": 0, "max": 500],
      "stale_after": ["type": "duration", "required": true],
      "note": ["type": "text"],
    ]
  ]

  @Test func valuesAreTypedAndDefaultsFillIn() throws {
    let header = try Header(parsing: Self.header, fileName: "f")
    #expect(try header.values(given: ["stale_after": "7d"]) == ["limit": 200, "stale_after": 604_800_000])
    #expect(
      try header.values(given: ["stale_after": 5, "limit": "7", "note": "x"])
        == ["limit": 7, "stale_after": 5, "note": "x"])
  }

  @Test(
    arguments: [
      ([:], "the parameter stale_after is required"),
      (["stale_afer": "7d"], "--param stale_afer: \"stale_afer\" is not known"),
      (["stale_after": "soon"], "stale_after: \"soon\" is not a duration"),
      (["stale_after": "7d", "limit": 501], "limit: 501 is more than the most, 500"),
      (["stale_after": "7d", "limit": "-1"], "limit: -1 is less than the least, 0"),
    ] as [(JSONObject, String)])
  func refusesValues(_ given: JSONObject, _ message: String) throws {
    let header = try Header(parsing: Self.header, fileName: "f")
    let problem = #expect(throws: ParameterProblem.self) { try header.values(given: given) }
    #expect(problem?.description == message)
    #expect(problem?.hint != nil || message.contains("most") || message.contains("least"))
  }
}

@Suite struct GuardsTests {
  static let full: JSON = [
    "writes": ["taobao.refunds.cancel"], "max_writes": ["run": 5, "day": 9],
    "max_amount": ["run": "500 CNY", "day": "¥900"],
    "require_approval": ["amount": "100 CNY", "count": 3, "expires": "24h"],
    "stop_after": 2, "quiet_hours": "23:00-08:00", "same_subject": ["every": "24h", "times": 3],
  ]

  @Test func readsEveryGuard() throws {
    let guards = try Guards(parsing: Self.full)
    #expect(guards.writes == ["taobao.refunds.cancel"])
    #expect(guards.maxWrites.run == 5 && guards.maxWrites.day == 9)
    #expect(guards.maxAmount.run == Money(minorUnits: 50000) && guards.maxAmount.day == Money(minorUnits: 90000))
    #expect(guards.approvalAmount == Money(minorUnits: 10000) && guards.approvalCount == 3)
    #expect(guards.approvalExpires == 86_400_000)
    #expect(guards.stopAfter == 2 && guards.quietHours.map(\.description) == ["23:00-08:00"])
    #expect(guards.sameSubject?.every == 86_400_000 && guards.sameSubject?.times == 3)
  }

  @Test(
    arguments: [
      ("taobao.refunds.cancl", "guards.writes: there is no operation taobao.refunds.cancl", "taobao.refunds.cancel"),
      ("taobao.refunds.get", "guards.writes: taobao.refunds.get writes nothing", "only writes are listed"),
    ])
  func onlyWritesOfTheCatalogueCanBeListed(_ id: String, _ message: String, _ hint: String) throws {
    let guards = try Guards(parsing: ["writes": ["taobao.refunds.cancel", .string(id)]])
    let problem = #expect(throws: ParameterProblem.self) { try guards.check(against: catalogue) }
    #expect(problem?.description == message && problem?.hint?.contains(hint) == true)
    try Guards(parsing: ["writes": ["taobao.refunds.cancel"]]).check(against: catalogue)
  }

  @Test func anEmptyListOfWritesAllowsNone() throws {
    // Lua has one empty table; it reaches Swift as an object.
    for empty in [[:], []] as [JSON] { #expect(try Guards(parsing: ["writes": empty]).writes == []) }
    #expect(try Guards(parsing: [:]) == Guards())
  }

  @Test(
    arguments: [
      ("x", "guards must be a table", nil),
      (["max_amounts": 1], "guards.max_amounts: \"max_amounts\" is not known", "did you mean max_amount?"),
      (["writes": "taobao.refunds.cancel"], "guards.writes must be a list of operations", nil),
      (["writes": [1]], "guards.writes must be a list of operations", nil),
      (["writes": ["a": "b"]], "guards.writes must be a list of operations", nil),
      (["max_writes": 5], "guards.max_writes must be a table with run or day", nil),
      (["max_writes": ["rum": 5]], "guards.max_writes.rum: \"rum\" is not known", "did you mean run?"),
      (["max_writes": ["run": -1]], "guards.max_writes: -1 is no number of writes", nil),
      (["max_writes": ["run": "5"]], "guards.max_writes: \"5\" is no number of writes", nil),
      (["max_amount": ["run": "500"]], "guards.max_amount: \"500\" has no unit", nil),
      (["max_amount": ["run": 500]], "guards.max_amount: \"500\" has no unit", nil),
      (["require_approval": "100 CNY"], "guards.require_approval must be a table with amount or count or expires", nil),
      (
        ["require_approval": [:]], "guards.require_approval says neither from what amount nor after how many writes",
        nil
      ),
      (
        ["require_approval": ["count": 0, "expires": "soon"]],
        "guards.require_approval.expires: \"soon\" is no duration", nil
      ),
      (["quiet_hours": "23-8"], "guards.quiet_hours: \"23-8\" are no hours", nil),
      (["quiet_hours": "23:00"], "guards.quiet_hours: \"23:00\" are no hours", nil),
      (["quiet_hours": "23:60-08:00"], "guards.quiet_hours: \"23:60-08:00\" are no hours", nil),
      (["quiet_hours": "25:00-08:00"], "guards.quiet_hours: \"25:00-08:00\" are no hours", nil),
      (["quiet_hours": "+1:00-08:00"], "guards.quiet_hours: \"+1:00-08:00\" are no hours", nil),
      (
        ["quiet_hours": "08:00-08:00"],
        "guards.quiet_hours: \"08:00-08:00\" leaves no time to write, or takes none away", nil
      ),
      (
        ["quiet_hours": "00:00-24:00"],
        "guards.quiet_hours: \"00:00-24:00\" leaves no time to write, or takes none away", nil
      ),
      (
        ["quiet_hours": ["hours": "23:00-08:00", "zone": "Asia/Shanghi"]],
        "guards.quiet_hours: there is no zone \"Asia/Shanghi\"", nil
      ),
      (["quiet_hours": ["zone": "Asia/Shanghai"]], "guards.quiet_hours: hours are missing", nil),
      (["same_subject": 3], "guards.same_subject must be a table", nil),
      (["same_subject": ["every": "daily"]], "guards.same_subject.every: \"daily\" is no duration", nil),
      (["same_subject": ["times": -1]], "guards.same_subject.times: -1 is no number of acts", nil),
      (
        ["same_subject": ["evry": "1d"]], "guards.same_subject.evry: \"evry\" is not known", "did you mean every?"
      ),
      (
        ["require_approval": ["amout": "1 CNY"]], "guards.require_approval.amout: \"amout\" is not known",
        "did you mean amount?"
      ),
      (["require_approval": ["count": -1]], "-1 is no number of writes", nil),
      (["stop_after": 0], "guards.stop_after: 0 is no number of failures from 1", nil),
      (["stop_after": "3"], "guards.stop_after: \"3\" is no number of failures from 1", nil),
    ] as [(JSON, String, String?)])
  func refuses(_ value: JSON, _ message: String, _ hint: String?) {
    let problem = #expect(throws: ParameterProblem.self) { try Guards(parsing: value) }
    #expect(problem?.description == message)
    if let hint { #expect(problem?.hint == hint) }
  }

  @Test(
    arguments: [
      (["writes": ["a", "b"]], ["writes": ["b", "c"]], ["writes": ["b"]]),
      ([:], ["writes": ["a"]], ["writes": ["a"]]), (["writes": ["a"]], [:], ["writes": ["a"]]),
      (["writes": ["a"]], ["writes": ["b"]], ["writes": []]),
      (["max_writes": ["run": 5]], ["max_writes": ["run": 3, "day": 9]], ["max_writes": ["run": 3, "day": 9]]),
      (["max_writes": ["run": 3]], ["max_writes": ["run": 5]], ["max_writes": ["run": 3]]),
      (["max_amount": ["run": "5 CNY"]], ["max_amount": ["run": "3 CNY"]], ["max_amount": ["run": "3 CNY"]]),
      (["max_amount": ["run": "5 CNY"]], ["max_amount": ["run": "900 USD"]], ["max_amount": ["run": "0 CNY"]]),
      (
        ["require_approval": ["amount": "9 CNY"]], ["require_approval": ["amount": "1 CNY", "count": 2]],
        ["require_approval": ["amount": "1 CNY", "count": 2]]
      ),
      (["stop_after": 3], ["stop_after": 5], ["stop_after": 3]), ([:], ["stop_after": 5], ["stop_after": 5]),
      ([:], ["quiet_hours": "23:00-08:00"], ["quiet_hours": "23:00-08:00"]),
      (
        ["require_approval": ["count": 1, "expires": "2h"]], ["require_approval": ["count": 1, "expires": "1h"]],
        ["require_approval": ["count": 1, "expires": "1h"]]
      ),
      (
        ["same_subject": ["every": "24h", "times": 2]], ["same_subject": ["every": "48h", "times": 3]],
        ["same_subject": ["every": "48h", "times": 2]]
      ),
      ([:], ["same_subject": ["times": 3]], ["same_subject": ["times": 3]]),
    ] as [(JSON, JSON, JSON)])
  func tightening(_ header: JSON, _ configured: JSON, _ both: JSON) throws {
    let guards = try Guards(parsing: header).tightened(by: try Guards(parsing: configured))
    #expect(guards == (try Guards(parsing: both)))
  }

  @Test func quietHoursOfBothHold() throws {
    let header = try Guards(parsing: ["quiet_hours": "23:00-08:00"])
    let guards = header.tightened(by: try Guards(parsing: ["quiet_hours": "12:00-13:00"])).tightened(by: header)
    #expect(guards.quietHours.map(\.description) == ["23:00-08:00", "12:00-13:00"])
  }

  @Test func tighteningByNothingChangesNothing() throws {
    let guards = try Guards(parsing: Self.full)
    #expect(guards.tightened(by: Guards()) == guards)
    #expect(Guards().tightened(by: guards) == guards)
    #expect(guards.tightened(by: guards) == guards)
  }
}
