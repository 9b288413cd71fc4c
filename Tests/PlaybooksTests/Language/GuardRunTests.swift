import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

/// Guards that hold across runs: caps of a day and of a shop, quiet hours, the pace of acts on one subject, holds.
@Suite struct GuardRunTests {
  /// Runs on one journal, each with an id of its own.
  struct Shop {
    let journal = MemoryJournal()
    let clock: VirtualClock
    let refunds: Refunds
    let api: ScriptedAPI
    var zone = "Asia/Shanghai"
    var guards = Guards()
    var profileGuards = Guards()

    init(_ fees: [String: Int64], at text: String = "2026-11-23T12:00:00+08:00") throws {
      clock = VirtualClock(try #require(InstantText.milliseconds(text)))
      refunds = Refunds(fees)
      api = refunds.api
    }

    func stage(_ id: RunID) -> Stage {
      var stage = Stage(api: api)
      stage.id = id
      stage.clock = clock
      stage.journal = journal
      stage.guards = guards
      stage.profileGuards = profileGuards
      stage.zone = TimeZone(identifier: zone) ?? .gmt
      return stage
    }

    /// Cancels those refunds in a run of a playbook of that name.
    @discardableResult
    func cancel(_ ids: [String], _ id: RunID, name: String = "p", guards: String = "") async throws -> RunReport {
      try await stage(id).play(Self.source(ids, name: name, guards: guards))
    }

    static func source(_ ids: [String], name: String = "p", guards: String = "") -> String {
      """
      playbook { name = "\(name)", guards = { \(guards) } }
      for _, id in ipairs { \(ids.map { "'\($0)'" }.joined(separator: ", ")) } do
        act(id, "stale", taobao.refunds.cancel, id)
      end
      """
    }

    func resume(_ id: RunID) async throws -> RunReport {
      let stage = stage(id)
      return try #require(
        try await RunAdvance.resume(id, guards: guards, profileGuards: profileGuards, in: stage.surroundings).report)
    }
  }

  static let ids = (1...9).map(String.init)
  static func fees(_ fen: Int64) -> [String: Int64] { Dictionary(uniqueKeysWithValues: ids.map { ($0, fen) }) }

  // MARK: Caps of a day

  @Test func aDayCapCountsAllRunsOfThePlaybook() async throws {
    let shop = try Shop(Self.fees(100))
    let guards = "max_writes = { day = 3 }"
    #expect(try await shop.cancel(["1", "2"], "a", guards: guards).status == .succeeded)
    let second = try await shop.cancel(["3", "4"], "b", guards: guards)
    #expect(second.status == .waiting(.budget) && shop.refunds.status("3") == "-20")
    #expect(shop.refunds.status("4") == "10")
    #expect(
      second.decision("4")?.detail == "3 of at most 3 writes of p for shop on 2026-11-23 are made (max_writes)")
    #expect(try await shop.cancel(["5"], "c", name: "q", guards: guards).status == .succeeded, "another playbook")
  }

  @Test func aDayCapOfMoneyHoldsToTheFen() async throws {
    let shop = try Shop(["1": 500, "2": 499, "3": 1])
    let guards = "max_amount = { day = '10 CNY' }"
    try await shop.cancel(["1"], "a", guards: guards)
    try await shop.cancel(["2"], "b", guards: guards)
    #expect(try await shop.cancel(["3"], "c", guards: guards).status == .succeeded, "the last fen fits")
    shop.refunds.add("4", fee: 1)
    let over = try await shop.cancel(["4"], "d", guards: guards)
    #expect(over.status == .waiting(.budget) && shop.refunds.status("4") == "10")
    #expect(
      over.decision("4")?.detail
        == "10.00 CNY of at most 10.00 CNY of p for shop on 2026-11-23 is given up (max_amount), and 0.01 CNY more does not fit"
    )
  }

  @Test func atMidnightInTheZoneThereIsRoomAgain() async throws {
    let shop = try Shop(Self.fees(1), at: "2026-11-23T23:59:58+08:00")
    let guards = "max_writes = { day = 1 }"
    try await shop.cancel(["1"], "a", guards: guards)
    #expect(try await shop.cancel(["2"], "b", guards: guards).status == .waiting(.budget))
    shop.clock.advance(by: 1999)
    #expect(try await shop.resume("b").status == .waiting(.budget))
    shop.clock.advance(by: 1)
    let report = try await shop.resume("b")
    #expect(report.status == .succeeded && report.lines == ["2 done stale"] && shop.refunds.status("2") == "-20")
  }

  @Test func aRaisedCapMakesRoom() async throws {
    var shop = try Shop(Self.fees(1))
    shop.guards = try Guards(parsing: ["max_writes": ["run": 1]])
    let first = try await shop.cancel(["1", "2"], "a", guards: "max_writes = { run = 5 }")
    #expect(first.status == .waiting(.budget) && first.lines == ["1 done stale", "2 waiting waits for a budget"])
    shop.guards = try Guards(parsing: ["max_writes": ["run": 2]])
    let report = try await shop.resume("a")
    #expect(report.status == .succeeded && report.lines == ["1 done stale", "2 done stale"])
    #expect(shop.api.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "2"])
  }

  @Test func aShopsDayCountsAllItsPlaybooks() async throws {
    var shop = try Shop(Self.fees(100))
    shop.profileGuards = try Guards(parsing: ["max_writes": ["day": 2], "max_amount": ["day": "100 CNY"]])
    try await shop.cancel(["1"], "a", name: "p")
    try await shop.cancel(["2"], "b", name: "q")
    let third = try await shop.cancel(["3"], "c", name: "r")
    #expect(third.status == .waiting(.budget) && shop.refunds.status("3") == "10")
    #expect(
      third.decision("3")?.detail
        == "2 of at most 2 writes of all playbooks of shop on 2026-11-23 are made (max_writes)")
  }

  @Test func whatWasWrittenBeforeACapWasSetCounts() async throws {
    var shop = try Shop(Self.fees(100))
    try await shop.cancel(["1", "2"], "a")
    shop.profileGuards = try Guards(parsing: ["max_writes": ["day": 2]])
    #expect(try await shop.cancel(["3"], "b").status == .waiting(.budget))
  }

  @Test func twoRunsAtOnceDoNotBothGetTheLastOfABudget() async throws {
    for _ in 0..<20 {
      let shop = try Shop(Self.fees(100))
      let guards = "max_writes = { day = 5 }, max_amount = { day = '4 CNY' }"
      async let one = shop.cancel(["1", "2", "3", "4"], "a", guards: guards)
      async let two = shop.cancel(["5", "6", "7", "8"], "b", guards: guards)
      let reports = try await [one, two]
      #expect(reports.contains { $0.status == .waiting(.budget) })
      #expect(shop.api.count("taobao.refunds.cancel") == 4)
    }
  }

  // MARK: Quiet hours

  static let quiet = "quiet_hours = '23:00-08:00'"

  @Test func acrossMidnightAnActWaitsForTheMorning() async throws {
    let shop = try Shop(Self.fees(1), at: "2026-11-23T23:30:00+08:00")
    let stage = shop.stage("a")
    let started = try await RunAdvance.start(
      try await stage.assignment(Shop.source(["1"], guards: Self.quiet)), in: stage.surroundings)
    let first = try #require(started.report)
    #expect(first.status == .waiting(.time) && first.wake == InstantText.milliseconds("2026-11-24T08:00:00+08:00"))
    #expect(first.decision("1")?.reason == "waits for the end of quiet hours")
    #expect(first.decision("1")?.detail == "quiet hours (23:00-08:00) until 2026-11-24 08:00")
    shop.clock.advance(by: 8 * 3_600_000)
    #expect(try await shop.resume("a").status == .waiting(.time), "half an hour is left")
    #expect(shop.refunds.status("1") == "10")
    shop.clock.advance(by: 1_800_000)
    let report = try await shop.resume("a")
    #expect(report.status == .succeeded && report.lines == ["1 done stale"] && shop.refunds.status("1") == "-20")
  }

  @Test func whoeverStaysWithTheRunWaits() async throws {
    let shop = try Shop(Self.fees(1), at: "2026-11-23T23:30:00+08:00")
    let report = try await shop.cancel(["1", "2"], "a", guards: Self.quiet)
    #expect(report.status == .succeeded && report.lines == ["1 done stale", "2 done stale"])
    #expect(shop.clock.now() == InstantText.milliseconds("2026-11-24T08:00:00+08:00"))
  }

  @Test func aDirectCallWaitsAsWell() async throws {
    let shop = try Shop(Self.fees(1), at: "2026-11-24T07:59:00+08:00")
    let report = try await shop.stage("a").play(
      "playbook { guards = { \(Self.quiet) } } return taobao.refunds.cancel('1').cancelSuccess")
    #expect(report.result == true && shop.refunds.status("1") == "-20")
    #expect(shop.clock.now() == InstantText.milliseconds("2026-11-24T08:00:00+08:00"))
  }

  @Test func whatChangedOverNightIsKept() async throws {
    let shop = try Shop(Self.fees(1), at: "2026-11-23T23:30:00+08:00")
    let stage = shop.stage("a")
    _ = try await RunAdvance.start(
      try await stage.assignment(Shop.source(["1", "2"], guards: Self.quiet)), in: stage.surroundings)
    shop.refunds.add("1", fee: 2)
    shop.clock.advance(by: 9 * 3_600_000)
    let report = try await shop.resume("a")
    #expect(report.lines == ["1 kept it changed while it waited", "2 done stale"])
    #expect(shop.refunds.status("1") == "10" && report.status == .succeeded)
  }

  @Test func aDeadlineInTheNightIsForAPerson() async throws {
    let shop = try Shop(Self.fees(1), at: "2026-11-23T23:30:00+08:00")
    let report = try await shop.stage("a").play(
      """
      playbook { guards = { \(Self.quiet) } }
      local soon, late = now() + 3600000, now() + 86400000
      act({ id = "1", deadline = soon }, "stale", taobao.refunds.cancel, "1")
      act({ id = "2", deadline = late }, "stale", taobao.refunds.cancel, "2")
      """)
    #expect(report.status == .succeeded)
    #expect(report.lines == ["1 handed_over its deadline comes before the end of quiet hours", "2 done stale"])
    #expect(shop.refunds.status("1") == "10")
  }

  // MARK: The pace of acts on one subject

  @Test func aSubjectIsActedOnOnceInATimeAndSoOftenInAll() async throws {
    let shop = try Shop(Self.fees(1))
    let guards = "same_subject = { every = '24h', times = 3 }"
    // The refund can be cancelled again and again: what holds it back is the guard alone.
    func chase(_ id: RunID, name: String = "p") async throws -> String? {
      shop.refunds.add("1", fee: 1)
      return try await shop.cancel(["1"], id, name: name, guards: guards).decisions.first.map {
        "\($0.kind.rawValue) \($0.detail ?? "")"
      }
    }
    #expect(try await chase("a") == "done ")
    shop.clock.advance(by: 86_399_999)
    #expect(try await chase("b") == "kept same_subject: not again within 1d, last on 2026-11-23 12:00")
    #expect(try await chase("q", name: "q") == "done ", "another playbook counts for itself")
    shop.clock.advance(by: 1)
    #expect(try await chase("c") == "done ")
    shop.clock.advance(by: 86_400_000)
    #expect(try await chase("d") == "done ")
    shop.clock.advance(by: 86_400_000)
    #expect(try await chase("e") == "kept same_subject: 3 of at most 3 times")
    #expect(shop.api.count("taobao.refunds.cancel") == 4)
  }

  // MARK: Holds and the switch

  @Test func aHoldDuringTheRunStopsTheWritesThatFollow() async throws {
    let journal = MemoryJournal()
    let hold = Hold(subject: "2", profile: "shop", why: "a dispute", by: "li", since: 0)
    let watching = ScriptedAPI(
      read: { call in .answer(.refund(call.arguments.refundID)) },
      write: { _ in
        await journal.hold(hold)
        return .answer(["cancelSuccess": true])
      })
    var stage = Stage(api: watching)
    stage.journal = journal
    let report = try await stage.play(DecisionTests.acting(3))
    #expect(report.result == ["done", "held", "done"] && report.status == .succeeded)
    #expect(report.decision("2")?.detail == "li holds 2: a dispute")
    #expect(watching.arguments(of: "taobao.refunds.cancel").map(\.refundID) == ["1", "3"])
  }

  @Test(arguments: ["kind", "before"])
  func aHoldOnTheOrderHoldsItsRefund(_ place: String) async throws {
    let journal = MemoryJournal()
    let api = ScriptedAPI(
      read: { _ in
        var answer = JSON.refund("1")
        answer["refundOrderAggregate"]?["purchaseOrderLine"] = ["purchaseOrderId": "77"]
        return .answer(answer)
      }, write: { _ in .answer(["cancelSuccess": true]) })
    var stage = Stage(api: api)
    stage.journal = journal
    await journal.hold(
      Hold(subject: place == "kind" ? "1" : "77", profile: nil, why: "a dispute", by: "li", since: 0))
    let report = try await stage.play("local ok, e = pcall(taobao.refunds.cancel, '1') return { ok, e.code }")
    #expect(report.result == [false, "held"] && api.count("taobao.refunds.cancel") == 0)
  }

  @Test func theSwitchStopsAllWritesOfAShop() async throws {
    let shop = try Shop(Self.fees(1))
    await shop.journal.freeze(Freeze(profile: "other", why: nil, by: "li", since: 0))
    #expect(try await shop.cancel(["1"], "a").lines == ["1 done stale"])
    await shop.journal.freeze(Freeze(profile: nil, why: "prices are wrong", by: "li", since: 0))
    let report = try await shop.cancel(["2", "3"], "b")
    #expect(report.lines == ["2 kept all writes are stopped", "3 kept all writes are stopped"])
    #expect(report.decision("2")?.detail == "li stopped all writes: prices are wrong")
    _ = await shop.journal.thaw(profile: nil, Signature(by: "li", at: 0))
    #expect(try await shop.cancel(["2"], "c").lines == ["2 done stale"])
  }

  @Test func whatIsHeldIsATagForItsShop() {
    let holds = [("1", nil), ("2", "shop"), ("3", "other")].map {
      Hold(subject: $0.0, profile: $0.1, why: "x", by: "li", since: 0)
    }
    #expect(holds.tags(for: "shop") == ["1": ["hold"], "2": ["hold"]])
  }

  @Test func scriptsSeeTheTagsOfTheirStart() async throws {
    var stage = Stage(api: ScriptedAPI(read: { _ in .answer(.refund("1")) }))
    stage.tags = ["1": ["hold"], "2": ["hold"]]
    let result = try await stage.result(
      "local r = require 'ebb.aftersales'.reread '1' return r.tags")
    #expect(result == ["hold": true])
    stage.tags = [:]
    stage.id = "run-2"
    #expect(
      try await stage.result("local r = require 'ebb.aftersales'.reread '1' return r.tags.hold == nil")
        == true)
  }
}
