import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

@Suite struct WritePolicyTests {
  static let noon: Milliseconds = 1_795_406_400_000  // 2026-11-23T04:00:00Z, noon in Shanghai

  static func policy(_ guards: JSON = [:], profileDay: WritePolicy.ProfileDay = .init()) throws -> WritePolicy {
    WritePolicy(
      guards: try Guards(parsing: guards), profileDay: profileDay, run: "r", playbook: "p", profile: "shop",
      zone: try #require(TimeZone(identifier: "Asia/Shanghai")))
  }

  static func write(
    _ fen: Int64? = 1, _ direction: Charge.Direction = .forgone, of operation: String = "taobao.refunds.cancel",
    about subject: String? = nil, deadline: Milliseconds? = nil, status: JSON = "10"
  ) throws -> ProposedWrite {
    let operation = try #require(catalogue[operation])
    let arguments: JSON = operation.id == "taobao.orders.pay" ? ["orderIds": ["7"]] : ["refundId": "1"]
    var fields: JSON = ["id": .string(subject ?? "")]
    fields["deadline"] = deadline.map { .integer($0) }
    return ProposedWrite(
      operation: operation, arguments: try operation.arguments(from: arguments), path: StepPath([3]),
      claims: [ClaimKey(profile: "shop", kind: "taobao.refund", id: "1")],
      subject: subject == nil ? nil : Subject(fields), reason: "stale",
      charge: fen.map { Charge(minorUnits: $0, currency: "CNY", direction: direction) },
      befores: [.refund("1", status: status, fee: fen ?? 0)])
  }

  static func budgets(_ policy: WritePolicy, _ write: ProposedWrite, at now: Milliseconds = noon) throws -> [Budget] {
    guard case .admitted(let budgets, _) = policy.judge(write, approval: nil, at: now) else {
      throw Unexpected()
    }
    return budgets
  }

  struct Unexpected: Error {}

  // MARK: Budgets

  @Test func everyCapHasAScopeOfItsOwn() throws {
    let policy = try Self.policy(
      ["max_writes": ["run": 5, "day": 9], "max_amount": ["run": "5 CNY", "day": "9 CNY"]],
      profileDay: .init(writes: 20, amount: Money(minorUnits: 2000)))
    func cap(_ fen: Int64) -> Charge { Charge(minorUnits: fen, currency: "CNY", direction: .forgone) }
    #expect(
      try Self.budgets(policy, try Self.write()) == [
        Budget(scope: "run:r", writes: 5, amount: cap(500)),
        Budget(scope: "day:2026-11-23:playbook:p:shop", writes: 9, amount: cap(900)),
        Budget(scope: "day:2026-11-23:profile:shop", writes: 20, amount: cap(2000)),
      ])
  }

  @Test(
    arguments: [
      ([:], 50), (["max_writes": ["run": 5]], 5), (["max_writes": ["run": 500]], 500),
      (["max_writes": ["day": 80]], nil), (["max_amount": ["run": "5 CNY"]], 50),
    ] as [(JSON, Int?)])
  func aRunThatNothingCapsMakesFiftyWrites(_ guards: JSON, _ writes: Int?) throws {
    #expect(try Self.budgets(try Self.policy(guards), try Self.write())[0].writes == writes)
  }

  @Test func scopesWithoutCapsAreChargedAllTheSame() throws {
    let budgets = try Self.budgets(try Self.policy(), try Self.write(about: "s"))
    #expect(
      budgets.map(\.scope) == [
        "run:r", "day:2026-11-23:playbook:p:shop", "day:2026-11-23:profile:shop", "subject:p:shop:s",
      ])
    #expect(budgets.dropFirst().allSatisfy { $0.writes == nil && $0.amount == nil && $0.every == nil })
  }

  @Test(
    arguments: [
      ("2026-11-22T15:59:59.999Z", "Asia/Shanghai", "2026-11-22"),
      ("2026-11-22T16:00:00Z", "Asia/Shanghai", "2026-11-23"),
      ("2026-03-28T22:59:59Z", "Europe/Berlin", "2026-03-28"), ("2026-03-28T23:00:00Z", "Europe/Berlin", "2026-03-29"),
      ("2026-03-29T21:59:59Z", "Europe/Berlin", "2026-03-29"), ("2026-03-29T22:00:00Z", "Europe/Berlin", "2026-03-30"),
      ("2026-10-24T22:00:00Z", "Europe/Berlin", "2026-10-25"), ("2026-10-25T22:59:59Z", "Europe/Berlin", "2026-10-25"),
      ("2026-10-25T23:00:00Z", "Europe/Berlin", "2026-10-26"),
    ])
  func aDayIsTheZones(_ instant: String, _ zone: String, _ day: String) throws {
    let instant = try #require(InstantText.milliseconds(instant))
    #expect(WritePolicy.day(of: instant, in: try #require(TimeZone(identifier: zone))) == day)
  }

  @Test func pacesASubject() throws {
    let policy = try Self.policy(["same_subject": ["every": "24h", "times": 3]])
    let budget = try Self.budgets(policy, try Self.write(about: "s")).last
    #expect(budget == Budget(scope: "subject:p:shop:s", writes: 3, every: 86_400_000))
    #expect(try Self.budgets(policy, try Self.write()).count == 3, "a direct call is about nobody")
  }

  @Test(
    arguments: [
      (
        [:], 0, BudgetUse(writes: 50),
        "50 of at most 50 writes of this run are made (Ebb's own limit, as nothing sets max_writes)"
      ),
      (
        ["max_writes": ["run": 5, "day": 9]], 1, BudgetUse(writes: 9),
        "9 of at most 9 writes of p for shop on 2026-11-23 are made (max_writes)"
      ),
      (
        ["max_amount": ["day": "9 CNY"]], 1, BudgetUse(writes: 1, amount: 850),
        "8.50 CNY of at most 9.00 CNY of p for shop on 2026-11-23 is given up (max_amount), and 0.51 CNY more does not fit"
      ),
      (
        ["max_amount": ["run": "9 USD"]], 0, BudgetUse(writes: 0),
        "0.51 CNY is not covered by the max_amount of this run, which is in USD"
      ),
      (
        [:], 2, BudgetUse(writes: 1, amount: 100),
        "1.00 CNY of at most 1.50 CNY of all playbooks of shop on 2026-11-23 is given up (max_amount), and 0.51 CNY more does not fit"
      ),
    ] as [(JSON, Int, BudgetUse, String)])
  func aBreachSaysWhichCapAndHowMuchIsUsed(
    _ guards: JSON, _ index: Int, _ used: BudgetUse, _ message: String
  ) throws {
    let policy = try Self.policy(guards, profileDay: .init(amount: Money(minorUnits: 150)))
    let write = try Self.write(51)
    let budget = policy.budgets(for: write, at: Self.noon)[index]
    guard case .halt(let failure) = policy.breach(of: budget, used: used, by: write.charge, operation: write.operation)
    else { return unexpected() }
    #expect(failure.message == message)
    #expect(failure.code == .guard && failure.hint?.contains("ebb runs resume r") == true)
  }

  @Test func aSubjectThatWasActedOnOftenEnoughIsKept() throws {
    let policy = try Self.policy(["same_subject": ["every": "24h", "times": 3]])
    let write = try Self.write(about: "s")
    let budget = try #require(policy.budgets(for: write, at: Self.noon).last)
    for (used, detail) in [
      (BudgetUse(writes: 3, latest: 0), "same_subject: 3 of at most 3 times"),
      (BudgetUse(writes: 1, latest: 0), "same_subject: not again within 1d, last on 1970-01-01 08:00"),
    ] {
      guard
        case .keep(let reason, let text) = policy.breach(
          of: budget, used: used, by: nil, operation: write.operation)
      else { return unexpected() }
      #expect(reason == WritePolicy.paceReason && text == detail)
    }
  }

  // MARK: Money

  @Test func moneyOutNeedsACap() throws {
    let pay = try Self.write(1, .out, of: "taobao.orders.pay")
    guard case .refused(let failure) = try Self.policy().judge(pay, approval: nil, at: 0) else { return unexpected() }
    #expect(failure.code == .guard && failure.hint?.contains("max_amount") == true)
    for policy in [
      try Self.policy(["max_amount": ["run": "5 CNY"]]), try Self.policy(["max_amount": ["day": "5 CNY"]]),
      try Self.policy(profileDay: .init(amount: Money(minorUnits: 500))),
    ] {
      guard case .admitted = policy.judge(pay, approval: nil, at: 0) else { return unexpected() }
    }
    let unknown = try Self.write(nil, of: "taobao.orders.pay")
    guard case .refused = try Self.policy().judge(unknown, approval: nil, at: 0) else { return unexpected() }
  }

  @Test(
    arguments: [["max_amount": ["run": "5 CNY"]], ["require_approval": ["amount": "5 CNY"]]] as [JSON])
  func anUnreadableAmountKeepsNoLimit(_ guards: JSON) throws {
    guard case .refused(let failure) = try Self.policy(guards).judge(try Self.write(nil), approval: nil, at: 0) else {
      return unexpected()
    }
    #expect(failure.code == .guard)
  }

  @Test(arguments: [-1, .min] as [Int64])
  func aNegativeAmountMakesNoRoomForOthers(_ amount: Int64) throws {
    let policy = try Self.policy(["max_amount": ["run": "5 CNY"]])
    guard case .refused(let failure) = policy.judge(try Self.write(amount), approval: nil, at: 0) else {
      return unexpected()
    }
    #expect(failure.code == .guard)
  }

  // MARK: Approvals

  static func approval(of write: ProposedWrite, _ state: Approval.State = .pending, digest: String? = nil) -> Approval {
    let question = write.question(expires: 1000)
    return Approval(
      id: "A1", run: "r", path: write.path, title: question.title, items: question.items,
      digest: digest ?? question.digest, claims: question.claims, asked: 0, expires: 1000, state: state, by: "li")
  }

  @Test(
    arguments: [
      ("999.99 CNY", 99_999, true), ("999.99 CNY", 99_998, false), ("999.99 CNY", 100_000, true), ("1 USD", 1, true),
    ] as [(JSON, Int64, Bool)])
  func fromTheThresholdOnAPersonIsAsked(_ threshold: JSON, _ fee: Int64, _ isAsked: Bool) throws {
    let policy = try Self.policy(["require_approval": ["amount": threshold]])
    let verdict = policy.judge(try Self.write(fee), approval: nil, at: 0)
    if case .ask = verdict { #expect(isAsked) } else { #expect(!isAsked) }
  }

  @Test func afterSoManyWritesAPersonIsAsked() throws {
    var policy = try Self.policy(["require_approval": ["count": 2]])
    for announced in 0..<4 {
      policy.announced = announced
      let verdict = policy.judge(try Self.write(), approval: nil, at: 0)
      if case .ask = verdict { #expect(announced >= 2) } else { #expect(announced < 2) }
    }
  }

  @Test func theQuestionShowsWhatWouldBeDone() throws {
    let policy = try Self.policy(["require_approval": ["count": 0]])
    guard case .ask(let request, _) = policy.judge(try Self.write(250, about: "s"), approval: nil, at: 7) else {
      return unexpected()
    }
    #expect(request.title == "taobao.refunds.cancel of taobao.refund:1, 2.50 CNY" && request.path == StepPath([3]))
    #expect(request.expires == 7 + 72 * 3_600_000 && request.claims.map(\.resource) == ["taobao.refund:1"])
    let item = try #require(request.items[0])
    #expect(item["operation"] == "taobao.refunds.cancel" && item["arguments"] == ["refundId": "1"])
    #expect(item["subject"] == "s" && item["reason"] == "stale")
    #expect(item["amount"] == ["fen": 250, "currency": "CNY", "direction": "forgone"])
    #expect(item["before"]?.object?.isEmpty == false)
    #expect(request.digest == ApprovalRequest.digest(title: request.title, items: request.items))
  }

  @Test(
    arguments: [(nil, 7_200_007), (5000, 5000), (7, 7_200_007), (99_999_999, 7_200_007)] as [(Milliseconds?, Int64)])
  func nobodyIsAskedBeyondTheDeadline(_ deadline: Milliseconds?, _ expires: Milliseconds) throws {
    let policy = try Self.policy(["require_approval": ["count": 0, "expires": "2h"]])
    let write = try Self.write(about: "s", deadline: deadline)
    guard case .ask(let request, _) = policy.judge(write, approval: nil, at: 7) else { return unexpected() }
    #expect(request.expires == expires)
  }

  @Test func anAnswerIsGoodForWhatWasShownAlone() throws {
    let policy = try Self.policy(["require_approval": ["count": 0]])
    let write = try Self.write(250)
    let approved = Self.approval(of: write, .approved)
    guard case .admitted(_, "A1") = policy.judge(write, approval: approved, at: 5000) else { return unexpected() }
    for changed in [try Self.write(251), try Self.write(250, status: "20")] {
      guard case .askAnew(let request, let retracted) = policy.judge(changed, approval: approved, at: 1) else {
        return unexpected()
      }
      #expect(retracted == approved && request.digest != approved.digest)
      guard case .ask = policy.judge(changed, approval: Self.approval(of: write), at: 1) else { return unexpected() }
    }
  }

  @Test func aQuestionIsAskedOnce() throws {
    let policy = try Self.policy(["require_approval": ["count": 0]])
    let write = try Self.write()
    guard case .asked = policy.judge(write, approval: Self.approval(of: write), at: 999) else { return unexpected() }
    guard case .lapse = policy.judge(write, approval: Self.approval(of: write), at: 1000) else { return unexpected() }
    for state in [Approval.State.rejected, .expired] {
      guard case .turnedDown = policy.judge(write, approval: Self.approval(of: write, state), at: 1) else {
        return unexpected()
      }
    }
    guard case .ask = policy.judge(write, approval: Self.approval(of: write, .superseded), at: 1) else {
      return unexpected()
    }
  }

  @Test func aNoStaysANoWhereTheGuardsAreLooserByNow() throws {
    let write = try Self.write()
    guard case .turnedDown = try Self.policy().judge(write, approval: Self.approval(of: write, .rejected), at: 1) else {
      return unexpected()
    }
    guard case .asked = try Self.policy().judge(write, approval: Self.approval(of: write), at: 1) else {
      return unexpected()
    }
  }

  // MARK: Quiet hours

  @Test func inQuietHoursAWriteWaits() throws {
    let policy = try Self.policy(["quiet_hours": "11:00-13:00"])
    let end = Self.noon + 3_600_000
    let cases: [(Milliseconds?, Bool)] = [(nil, true), (end + 1, true), (end, false), (Self.noon + 1, false)]
    for (deadline, waits) in cases {
      let verdict = policy.judge(try Self.write(about: "s", deadline: deadline), approval: nil, at: Self.noon)
      switch verdict {
      case .postponed(let until, _): #expect(waits && until == end)
      case .tooLate(_, let until): #expect(!waits && until == end)
      default: unexpected(verdict)
      }
    }
    guard case .admitted = policy.judge(try Self.write(), approval: nil, at: end) else { return unexpected() }
  }

  @Test func quietHoursThatMeetAreOneWait() throws {
    let header = try Guards(parsing: ["quiet_hours": "11:00-13:00"])
    let guards = header.tightened(by: try Guards(parsing: ["quiet_hours": "12:30-14:00"]))
    var policy = try Self.policy()
    policy = WritePolicy(guards: guards, run: "r", playbook: "p", profile: "shop", zone: policy.zone)
    guard case .postponed(let until, _) = policy.judge(try Self.write(), approval: nil, at: Self.noon) else {
      return unexpected()
    }
    #expect(until == Self.noon + 2 * 3_600_000)
  }

  @Test func whatNeedsApprovalIsAskedAlsoInQuietHours() throws {
    let policy = try Self.policy(["quiet_hours": "11:00-13:00", "require_approval": ["count": 0]])
    let write = try Self.write()
    guard case .ask = policy.judge(write, approval: nil, at: Self.noon) else { return unexpected() }
    let approved = Self.approval(of: write, .approved)
    guard case .postponed = policy.judge(write, approval: approved, at: Self.noon) else { return unexpected() }
  }
}
