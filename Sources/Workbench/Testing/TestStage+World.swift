import Foundation
import JSON
import Journal
import Marketplace
import Playbooks

/// What a test says of the marketplace, of time and of people.
extension TestStage {
  // MARK: The marketplace

  func given(_ contents: JSON?) async throws(TestProblem) -> JSON {
    let contents = try GivenContents(contents)
    return try await arrange { world throws(TestProblem) in try contents.put(into: &world) }
  }

  /// Makes the random world of a seed; answers what it holds, and what goes wrong in it.
  func makeWorld(_ seed: JSON?) async throws(TestProblem) -> JSON {
    guard shop == nil, let seed = seed?.integer else { throw TestProblem("a random world begins with nothing in it") }
    let random = RandomContents(seed: UInt64(clamping: seed))
    start = random.start
    fate = SeededGenerator(seed: UInt64(clamping: seed), subject: "fate")
    let plan: FaultPlan
    do throws(FaultPlanError) { plan = try FaultPlan(parsing: random.faults) } catch {
      throw TestProblem(error.description)
    }
    let shop = try open(plan)
    let contents = try GivenContents(.object(random.contents))
    var answer = try await arrange { world throws(TestProblem) in try contents.put(into: &world) }
    // What the seller asks in a world of its own is told to nobody before its time.
    _ = await shop.marketplace.move(to: start)
    answer["seed"] = .integer(seed)
    answer["faults"] = .string(random.faults)
    answer["given"] = .object(random.contents)
    return answer
  }

  func happen(_ id: JSON?, _ act: JSON?) async throws(TestProblem) -> JSON {
    guard let id = id?.string, let word = act?.string else {
      throw TestProblem("happens takes the id of an order or a refund, and what happens: happens(id, \"ship\")")
    }
    return try await arrange { world throws(TestProblem) in
      try GivenAct.happen(word, to: id, in: &world)
      return SubjectSight.of(id, in: world).withoutNulls()
    }
  }

  func change(_ id: JSON?, _ facts: JSON?) async throws(TestProblem) -> JSON {
    guard let id = id?.string else {
      throw TestProblem("change takes the id of an order or a refund, and a table: change(id, { left = \"2h\" })")
    }
    let facts = try GivenFacts(facts, named: "change", besides: GivenFacts.changing)
    return try await arrange { world throws(TestProblem) in
      guard !SubjectSight.of(id, in: world).isNull else {
        throw TestProblem("change: there is no order and no refund \(id)")
      }
      try facts.change(id, in: &world)
      return SubjectSight.of(id, in: world).withoutNulls()
    }
  }

  func look(_ id: JSON?) async throws(TestProblem) -> JSON {
    guard let id = id?.string else { throw TestProblem("look takes the id of an order or a refund") }
    return try await arrange { world in SubjectSight.of(id, in: world).withoutNulls() }
  }

  private func arrange(
    _ body: @escaping @Sendable (inout World) throws(TestProblem) -> JSON
  ) async throws(TestProblem) -> JSON {
    let result = try await open().marketplace.withWorld { world -> Result<JSON, TestProblem> in
      do throws(TestProblem) { return .success(try body(&world)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  func setFaults(_ plan: JSON?) async throws(TestProblem) -> JSON {
    let text = plan?.string ?? ""
    let faults: FaultPlan
    do throws(FaultPlanError) {
      faults = text.isEmpty ? .none : try FaultPlan(parsing: text)
    } catch {
      throw TestProblem(error.description)
    }
    try await open().marketplace.setFaults(faults)
    return .null
  }

  // MARK: Time

  func advance(_ duration: JSON?) async throws(TestProblem) -> JSON {
    guard let time = duration?.integer ?? duration?.string.flatMap(DurationText.milliseconds), time >= 0 else {
      throw TestProblem("advance takes a duration such as \"48h\", not \(duration?.text() ?? "nothing")")
    }
    try await open().time.move(to: now + time)
    return .integer(now)
  }

  func move(_ time: JSON?, zone: JSON?) async throws(TestProblem) -> JSON {
    let instant = try TestTime.instant(time, zone: zone)
    guard shop != nil else {
      start = instant
      return .integer(instant)
    }
    guard instant >= now else {
      throw TestProblem("time does not go back: it is \(InstantText.text(now)) already; call at before given and play")
    }
    try await open().time.move(to: instant)
    return .integer(instant)
  }

  // MARK: People

  func hold(_ subject: JSON?) async throws(TestProblem) -> JSON {
    let id = try Self.id(of: subject, for: "hold")
    await journal.hold(Hold(subject: id, profile: nil, why: "the test holds it", by: "the test", since: now))
    return .null
  }

  func release(_ subject: JSON?) async throws(TestProblem) -> JSON {
    let id = try Self.id(of: subject, for: "release")
    guard await journal.release(id, profile: nil, Signature(by: "the test", at: now)) else {
      throw TestProblem("release: nobody holds \(id)")
    }
    return .null
  }

  private static func id(of subject: JSON?, for word: String) throws(TestProblem) -> String {
    guard let id = subject?.string ?? subject?["id"]?.string else {
      throw TestProblem("\(word) takes the id of a subject")
    }
    return id
  }

  /// Answers all that the run asks; the number of its questions.
  func answer(of run: RunID, _ isYes: Bool?) async throws(TestProblem) -> JSON {
    var filter = ApprovalFilter()
    (filter.run, filter.states, filter.at) = (run, [.pending], now)
    let questions = await journal.approvals(filter)
    guard !questions.isEmpty else { throw TestProblem("the run asks nothing") }
    for question in questions {
      _ = await journal.decide(
        question.id, showing: question.digest, approve: isYes ?? false, Signature(by: "the test", at: now))
    }
    return .integer(Int64(questions.count))
  }
}
