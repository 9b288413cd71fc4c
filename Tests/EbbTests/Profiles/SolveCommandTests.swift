import Foundation
import JSON
import Testing

@testable import ebb

@Suite struct SolveCommandTests {
  /// Signed with Python's hashlib and hmac; a secret with an escape in it, as JSON writes it.
  static let request = """
    {"access_key": "58c0201dfdf148eca63cbf6bb5e7cf03", "nonce_str": "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6",
     "timestamp": "1715669977082", "user_id": "2100007341207", "signature": "9A7C396504CA1F455009674B964E5FCF",
     "access_secret": "q7Wd0Zr3Xv9Lk2Tb8Nf5Hs1Jm6Pc4Gy\\u002b"}
    """

  @Test func aRecipeIsFoundFromStandardInput() throws {
    let result = try Binary.run(["profiles", "solve-signature", "--from-stdin", "--json"], input: Self.request)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      try result.json == [
        "payload": "{access-key}{timestamp}{nonce-str}{secret}", "digest": "md5", "encoding": "HEX", "timestamp": "ms",
      ])
    #expect(!(result.output + result.errors).contains("q7Wd0Zr3"))
  }

  @Test func forPeopleItIsWhatToWrite() throws {
    let result = try Binary.run(["profiles", "solve-signature", "--from-stdin"], input: Self.request)
    #expect(
      result.output.contains("signing:\n  payload: \"{access-key}{timestamp}{nonce-str}{secret}\"\n  digest: md5\n"))
  }

  @Test func whatFitsNothingSaysWhy() throws {
    let other = Self.request.replacing("q7Wd0Zr3", with: "not-it-00")
    let result = try Binary.run(["profiles", "solve-signature", "--from-stdin", "--json"], input: other)
    #expect(result.status == 1)
    let error = try result.json["error"]
    #expect(error?["code"] == "no_recipe" && (error?["tried"]?.integer ?? 0) > 1000)
    #expect(error?["hint"]?.string?.contains("32 hex digits = 16 bytes = md5") == true)
    #expect(!(result.output + result.errors).contains("not-it-00"))
  }

  @Test(arguments: [
    ("", "standard input: it is not JSON"), ("[]", "standard input: it is no JSON object"),
    (#"{"acces_key": "k"}"#, "unknown member \"acces_key\""),
    (#"{"access_secret": "s"}"#, "the request has no access_key"),
    (
      #"{"access_key":"k","timestamp":"yesterday","signature":"x","access_secret":"s"}"#,
      "neither milliseconds nor seconds"
    ),
    (#"{"access_key":"k","timestamp":"1715669977","signature":"x"}"#, "no secret was given"),
  ])
  func mistakesAreNamed(_ input: String, _ expected: String) throws {
    let result = try Binary.run(["profiles", "solve-signature", "--from-stdin"], input: input)
    #expect(result.status == 2)
    #expect(result.errors.contains(expected), "\(result.errors)")
    #expect(result.errors.contains("hint: "))
  }

  /// The signatures of CallbackVerifierTests, computed with openssl.
  @Test func theBaseOfACallbackIsFound() throws {
    let body =
      #"{"messageType":"1688_ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY","messagePlatform":1,"timestamp":"1779263269913","#
      + #""messageBody":{"orderId":2019601741959504495,"currentStatus":"waitbuyerpay","note":"改价"}}"#
    let input: JSON = [
      "access_key": "58c0201dfdf148eca63cbf6bb5e7cf03", "access_secret": "q7Wd0Zr3Xv9Lk2Tb8Nf5Hs1Jm6Pc4Gy+",
      "authorization": "46163090d1415ec41822605cee4581c75104ccde60429b9f06c7db4413793264", "body": .string(body),
    ]
    let result = try Binary.run(
      ["profiles", "solve-signature", "--callback", "--from-stdin", "--json"], input: input.text())
    #expect(result.status == 0, "\(result.errors)")
    #expect(try result.json == ["callbacks": "access-key+body"])
  }

  @Test func anAccountIsTested() throws {
    let simulator = try SimulatorProcess()
    let good = try Project(environment: simulator.environment).run("profiles", "test", "--json")
    #expect(good.status == 0, "\(good.errors)")
    #expect(try good.json["verdict"] == "accepted" && good.json["recipe"]?["timestamp"] == "ms")
    var environment = simulator.environment
    environment["EBB_ACCESS_SECRET"] = "a-secret-that-was-reset"
    let reset = try Project(environment: environment).run("profiles", "test")
    #expect(reset.status == 3)
    #expect(reset.errors.contains("the API knows the access key, and refuses the signature"))
    #expect(!reset.errors.contains("a-secret-that-was-reset"))
    environment = simulator.environment
    environment["EBB_USER_ID"] = "77"
    let user = try Project(environment: environment).run("profiles", "test", "--json")
    #expect(user.status == 3)
    #expect(try user.json["error"]?["verdict"] == "user_id")
    let live = try Project(environment: simulator.environment).run("profiles", "solve-signature", "--live", "--json")
    #expect(live.status == 0)
    #expect(try live.json["payload"] == "{access-key}{timestamp}{nonce-str}{secret}")
    _ = simulator.interrupt()
    let gone = try Project(environment: simulator.environment).run("profiles", "test", "--json")
    #expect(gone.status == 7)
    #expect(try gone.json["error"]?["verdict"] == "network")
  }
}
