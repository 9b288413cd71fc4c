import Foundation
import JSON
import Testing

@testable import ebb

@Suite struct CommandLineTests {
  @Test func version() throws {
    let result = try Binary.run(["--version"])
    #expect(result.status == 0)
    #expect(result.output == "ebb \(Ebb.version)\n")
  }

  @Test(arguments: [
    [], ["api"], ["api", "list"], ["api", "show"], ["call"], ["simulate"], ["config"], ["config", "show"], ["run"],
    ["runs"], ["runs", "list"], ["runs", "show"], ["runs", "resume"], ["runs", "pause"], ["runs", "cancel"],
    ["runs", "logs"], ["runs", "replay"], ["runs", "debug"], ["runs", "bundle"], ["runs", "verify"],
    ["runs", "migrate"], ["effects"], ["effects", "list"], ["effects", "show"], ["effects", "settle"], ["history"],
    ["schedule"], ["schedule", "next"],
  ])
  func everyCommandHasHelpWithAnExample(_ path: [String]) throws {
    let result = try Binary.run(path + ["--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("Example:\n"))
    #expect(result.output.contains("  ebb \(path.joined(separator: " "))"))
    #expect(result.errors.isEmpty)
    for line in result.output.split(separator: "\n") where !line.hasPrefix("USAGE:") {
      #expect(TextWidth.columns(String(line)) <= 80, "\(line)")
    }
  }

  @Test func exitCodes() throws {
    let result = try Binary.run(["help", "exit-codes"])
    #expect(result.status == 0)
    for code in ["   0  done", "   4  refused", "   7  the API", " 130  interrupted"] {
      #expect(result.output.contains(code))
    }
    let codes = try Binary.run(["help", "exit-codes", "--json"]).json.array?.compactMap { $0["code"]?.integer }
    #expect(codes == [0, 1, 2, 3, 4, 5, 6, 7, 8, 130])
  }

  @Test(
    arguments: [
      (["confg"], "there is no command \"confg\"", "did you mean \"config\"?"),
      (["api", "lst"], "there is no command \"api lst\"", "did you mean \"list\"?"),
      (["api", "list", "--jsn"], "unknown option '--jsn'", "did you mean '--json'?"),
      (["call"], "missing expected argument '<operation>'", "ebb call --help shows how"),
      (["api", "show", "taobao.refunds.get", "extra"], "unexpected argument 'extra'", "ebb api show --help shows how"),
      (["simulate", "--port", "x"], "the value 'x' is invalid for '--port <port>'", "ebb simulate --help shows how"),
      (["simulate", "--port", "70000"], "70000 is not a port", "0 to 65535; 0 takes a free one"),
      (["simulate", "--scenario", "dmeo"], "there is no scenario \"dmeo\"", "did you mean \"demo\"?"),
      (["simulate", "--clock", "noon"], "--clock \"noon\" is no instant", "e.g. 2026-11-01T00:00:00Z"),
      (
        ["api", "show", "taobao.refund.cancle"], "there is no operation \"taobao.refund.cancle\"",
        "did you mean \"taobao.refunds.cancel\"?"
      ),
      (
        ["call", "taobao.refunds.gte"], "there is no operation \"taobao.refunds.gte\"",
        "did you mean \"taobao.refunds.get\"?"
      ),
    ] as [([String], String, String)])
  func mistakesAreAnsweredWithAHintAndTwo(_ arguments: [String], _ message: String, _ hint: String) throws {
    let result = try Binary.run(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("ebb: \(message)\nhint: \(hint)"), "\(result.errors)")
  }

  @Test(
    arguments: [
      (["api", "show", "nothing.like.this", "--json"], 2, "unknown_operation"),
      (["confg", "--json"], 2, "unknown_command"),
      (["api", "list", "a", "b", "--json"], 2, "usage"),
      (["call", "taobao.refunds.get", "1", "--json"], 3, "no_profile"),
    ] as [([String], Int32, String)])
  func failuresAreDocumentsToo(_ arguments: [String], _ status: Int32, _ code: String) throws {
    let result = try Binary.run(arguments)
    #expect(result.status == status)
    let document = try result.json
    #expect(document["status"] == "failed")
    #expect(document["exit_code"] == .integer(Int64(status)))
    #expect(document["error"]?["code"] == .string(code))
    #expect(document["error"]?["message"]?.string?.isEmpty == false)
    #expect(result.errors.hasPrefix("ebb: "))
  }

  @Test func aReaderThatGoesAwayIsNoFailure() throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "\"$0\" api list --json | head -1; exit 0", Binary.url.path]
    let (output, errors) = (Pipe(), Pipe())
    shell.standardOutput = output
    shell.standardError = errors
    try shell.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
    #expect(String(decoding: text, as: UTF8.self) == "[\n")
  }

  @Test func completionsAreMadeForEveryShell() throws {
    for shell in ["bash", "zsh", "fish"] {
      let result = try Binary.run(["--generate-completion-script", shell])
      #expect(result.status == 0)
      #expect(result.output.contains("simulate"))
    }
  }
}

@Suite struct ConfigCommandTests {
  @Test func showsWhereValuesComeFromAndNoSecret() throws {
    let secret = "m00nlit-tide-5kz2qx"
    let result = try Binary.run(
      ["config", "show", "--json"],
      environment: [
        "EBB_ACCESS_KEY": "58c0201dfdf148eca63cbf6bb5e7cf03", "EBB_ACCESS_SECRET": secret,
        "EBB_SIGNING_DIGEST": "sha256",
        "EBB_BASURL": "x",
      ],
      files: ["ebb.yaml": "profiles:\n  shop1:\n    base_url: https://api.pandapon.com\n    user_id: \(secret)"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(!(result.output + result.errors).contains(secret))
    let settings = try #require(try result.json["settings"]?.array)
    func source(_ key: String) -> String? {
      settings.first { $0["key"]?.string == "profiles.shop1.\(key)" }?["source"]?.string
    }
    #expect(source("base_url") == "ebb.yaml:3")
    #expect(source("signing.digest") == "EBB_SIGNING_DIGEST")
    #expect(source("signing.timestamp") == "default")
    #expect(source("access_secret") == "EBB_ACCESS_SECRET")
    #expect(try result.json["ignored"] == ["EBB_BASURL"])
  }

  @Test func aPasswordInAnAddressIsNotRepeated() throws {
    let result = try Binary.run(
      ["config", "show"], environment: ["EBB_BASE_URL": "https://shop:hunter2hunter2@api.pandapon.com"])
    #expect(result.status == 3)
    #expect(result.output.contains("not shown"))
    #expect(!(result.output + result.errors).contains("hunter2"))
  }

  @Test(arguments: [
    (
      "profiles:\n  a:\n    base_ulr: x", "ebb.yaml:3: unknown key \"profiles.a.base_ulr\"",
      "did you mean \"base_url\"?"
    ),
    ("profiles:\n  a:\n    base_url: api.pandapon.com", "ebb.yaml:3: the base URL", "write https://api.pandapon.com"),
    (
      "profiles:\n  a:\n    base_url: http://api.pandapon.com", "ebb.yaml:3: plain http",
      "write https://api.pandapon.com"
    ),
    (
      "profiles:\n  a: {user_id: '1'}", "ebb.yaml:2: profile \"a\" has no base_url",
      "base_url: https://api.pandapon.com"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    signing: {digest: md6}",
      "ebb.yaml:4: \"md6\" is not a digest",
      "did you mean md5?"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    signing: {payload: \"{secrte}\"}",
      "ebb.yaml:4: the signing payload has an unknown variable {secrte}", "did you mean {secret}?"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    signing: {payload: \"{timestamp}\"}",
      "ebb.yaml:4: the signature would not depend on the secret", "put {secret} into the payload"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    allow: [infered]",
      "ebb.yaml:4: \"infered\" cannot be allowed",
      "did you mean inferred?"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    allow: [taobao.order.get]",
      "ebb.yaml:4: there is no operation \"taobao.order.get\"", "did you mean \"taobao.orders.get\"?"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    paths: {taobao.orders.gte: /x}",
      "ebb.yaml:4: there is no operation \"taobao.orders.gte\"", "did you mean \"taobao.orders.get\"?"
    ),
    (
      "profiles:\n  a:\n    base_url: https://x.example\n    quota: fast", "ebb.yaml:4: quota \"fast\" is not a number",
      "e.g. quota: 10"
    ),
  ])
  func saysWhatIsWrongInTheFile(_ text: String, _ message: String, _ hint: String) throws {
    let result = try Binary.run(["config", "show"], files: ["ebb.yaml": text])
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("ebb: \(message)"), "\(result.errors)")
    #expect(result.errors.contains("hint: \(hint)"), "\(result.errors)")
  }
}
