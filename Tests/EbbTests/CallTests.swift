import Catalogue
import Foundation
import JSON
import Testing

@testable import ebb

@Suite struct CallArgumentsTests {
  private static let inputs = CallArguments.Inputs(
    file: { path throws(CommandFailure) in
      switch path {
      case "whole.json": Array(#"{"refundId": "1", "pageNo": 2}"#.utf8)
      case "list.json": Array("[1, 2]".utf8)
      default: throw .usage("\(path) cannot be read")
      }
    },
    standardInput: { () throws(CommandFailure) in Array(#"{"pageSize": 9}"#.utf8) })

  private func table(_ operation: String, _ words: [String]) throws -> JSON {
    let found = try #require(try Catalogue.embedded()[operation])
    return try CallArguments(found, inputs: Self.inputs).table(words)
  }

  @Test(
    arguments: [
      ("taobao.refunds.list", [], [:]),
      ("taobao.refunds.list", ["pageSize=20", "refundId=110000235001"], ["pageSize": 20, "refundId": "110000235001"]),
      ("taobao.refunds.list", ["pageSize=x"], ["pageSize": "x"]),
      ("taobao.refunds.list", ["refundId=a=b"], ["refundId": "a=b"]),
      ("taobao.refunds.list", ["nothing=1"], ["nothing": "1"]),
      ("taobao.refunds.list", ["pageSize:=20"], ["pageSize": 20]),
      ("taobao.refunds.list", ["@whole.json", "pageNo=3"], ["refundId": "1", "pageNo": 3]),
      ("taobao.refunds.list", ["-"], ["pageSize": 9]),
      ("taobao.refunds.list", ["x:=@list.json"], ["x": [1, 2]]),
      ("taobao.refunds.get", ["110000235001"], ["refundId": "110000235001"]),
      ("taobao.refunds.cancel", ["19223372036854775807123"], ["refundId": "19223372036854775807123"]),
    ] as [(String, [String], JSON)])
  func wordsBecomeATable(_ operation: String, _ words: [String], _ expected: JSON) throws {
    #expect(try table(operation, words) == expected)
  }

  @Test(arguments: [
    (["one", "two"], "\"one\" is no argument of the form name=value"), (["x:={"], "x is not valid JSON"),
    (["@list.json"], "list.json must hold a JSON object"), (["@missing.json"], "missing.json cannot be read"),
  ])
  func saysWhatItCannotRead(_ words: [String], _ message: String) throws {
    let failure = try #require(throws: CommandFailure.self) { try table("taobao.refunds.list", words) }
    #expect(failure.message.hasPrefix(message))
    #expect(failure.status == .usage)
  }
}

/// Against a simulator in a process of its own: the whole way from the shell to the wire and back.
@Suite struct CallTests {
  @Test func readsWritesAndRefuses() throws {
    let simulator = try SimulatorProcess(["--seed", "7"])
    let environment = simulator.environment
    func call(_ arguments: [String], _ changes: [String: String] = [:]) throws -> Binary.Result {
      try Binary.run(["call"] + arguments, environment: environment.merging(changes) { _, new in new })
    }

    let list = try call(["taobao.refunds.list", "pageSize=100", "refundStatus=10", "--json"])
    #expect(list.status == 0, "\(list.errors)")
    #expect(try list.json["outcome"] == "read")
    let row = try #require(try list.json["data"]?["data"]?[0]?["refundOrder"])
    let id = try #require(row["refundId"]?.string)

    // Nobody to ask, and no --yes: nothing is sent.
    let unconfirmed = try call(["taobao.refunds.cancel", id, "--json"])
    #expect(unconfirmed.status == 2)
    #expect(try unconfirmed.json["error"]?["code"] == "not_confirmed")

    let cancel = try call(["taobao.refunds.cancel", "refundId=\(id)", "--yes", "--json"])
    #expect(cancel.status == 0, "\(cancel.errors)")
    #expect(try cancel.json["outcome"] == "confirmed")
    #expect(try cancel.json["data"]?["cancelSuccess"] == true)

    // Code 200 with cancelSuccess false is a refusal.
    let again = try call(["taobao.refunds.cancel", id, "--yes", "--json"])
    #expect(again.status == 1)
    #expect(try again.json["error"]?["code"] == "rejected")

    let unknown = try call(["taobao.refunds.get", "999", "--json"])
    #expect(unknown.status == 1)
    #expect(try unknown.json["error"]?["code"] == "not_found")

    let forged = try call(["taobao.refunds.get", id, "--json"], ["EBB_ACCESS_SECRET": "not-the-secret-of-it"])
    #expect(forged.status == 3)
    #expect(try forged.json["error"]?["code"] == "unauthorized")
    for part in ["参数签名", "known to work", "EBB_SIGNING_PAYLOAD", "inferred", "docs/signing.md"] {
      #expect(forged.errors.contains(part), "\(part)")
    }
    #expect(!(forged.output + forged.errors).contains("not-the-secret-of-it"))

    let recipe = try call(["taobao.refunds.get", id], ["EBB_SIGNING_DIGEST": "hmac-sha256"])
    #expect(recipe.status == 3)
    #expect(simulator.interrupt() == 0)
  }

  @Test(
    arguments: [
      (["taobao.refunds.list", "pageSze=3"], "taobao.refunds.list has no field pageSze: did you mean pageSize?", 2),
      (["taobao.refunds.get"], "taobao.refunds.get needs refundId (an id)", 2),
      (["taobao.events.refundChanged"], "taobao.events.refundChanged is a callback", 2),
      (["taobao.refunds.list", "pageSize=1"], "taobao.refunds.list: ", 7),
      (["taobao.refunds.get", "1", "--profile", "shop9"], "there is no profile \"shop9\"", 3),
    ] as [([String], String, Int32)])
  func nothingIsSentThatShouldNotBe(_ arguments: [String], _ message: String, _ status: Int32) throws {
    let result = try Binary.run(
      ["call"] + arguments,
      environment: [
        "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "key-of-nobody-at-all",
        "EBB_ACCESS_SECRET": "secret-of-nobody",
      ])
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.hasPrefix("ebb: \(message)"), "\(result.errors)")
    #expect(result.errors.contains("\nhint: "))
  }

  @Test func anUndocumentedPathIsNotSentToTheRealAPI() throws {
    let result = try Binary.run(
      ["call", "taobao.orders.get", "1", "--json"],
      environment: [
        "EBB_BASE_URL": "https://api.invalid", "EBB_ACCESS_KEY": "key-of-nobody-at-all",
        "EBB_ACCESS_SECRET": "secret-of-nobody",
      ])
    #expect(result.status == 4)
    #expect(try result.json["error"]?["code"] == "refused_by_policy")
    #expect(result.errors.contains("EBB_ALLOW"))
  }

  @Test(
    arguments: [
      ([:], "no profile is configured"),
      (["EBB_BASE_URL": "http://127.0.0.1:9"], "profile \"env\" has no credentials: EBB_ACCESS_KEY is not set"),
      (
        ["EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "k"],
        "profile \"env\" has no credentials: EBB_ACCESS_SECRET is not set"
      ),
      (
        ["EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "k", "EBB_ACCESS_SECRET": "secret-of-nobody "],
        "EBB_ACCESS_SECRET: the access secret begins or ends with a space"
      ),
      (
        ["EBB_BASE_URL": "api.pandapon.com", "EBB_ACCESS_KEY": "k", "EBB_ACCESS_SECRET": "s"],
        "EBB_BASE_URL: the base URL"
      ),
    ] as [([String: String], String)])
  func saysWhichSettingIsMissing(_ environment: [String: String], _ message: String) throws {
    let result = try Binary.run(["call", "taobao.refunds.get", "1"], environment: environment)
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("ebb: \(message)"), "\(result.errors)")
  }
}

@Suite struct SimulateTests {
  @Test func announcesItselfAndEndsWithCtrlC() throws {
    let simulator = try SimulatorProcess(["--seed", "7", "--scenario", "empty", "--faults", "rate-limit:5%"])
    #expect(simulator.announcement["base_url"]?.string?.hasPrefix("http://127.0.0.1:") == true)
    #expect(simulator.announcement["access_key"]?.string?.isEmpty == false)
    #expect(simulator.interrupt() == 0)
  }

  @Test func refusesAFaultThatIsNone() throws {
    let result = try Binary.run(["simulate", "--faults", "gremlins"])
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("ebb: fault 'gremlins'"))
  }

  @Test func refusesACallbackAddressThatIsNone() throws {
    let result = try Binary.run(["simulate", "--callback", "localhost:8081"])
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("ebb: --callback \"localhost:8081\" is no address"))
  }

  @Test func aTakenPortIsSaid() throws {
    let first = try SimulatorProcess()
    let port = try #require(first.announcement["base_url"]?.string?.split(separator: ":").last)
    let second = try Binary.run(["simulate", "--port", String(port), "--json"])
    #expect(second.status == 1)
    #expect(second.errors.contains("cannot listen on 127.0.0.1:\(port)"))
    #expect(first.interrupt() == 0)
  }
}
