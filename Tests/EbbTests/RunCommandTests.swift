import JSON
import Testing

/// `ebb run` where no request is made: what it says beside the report.
@Suite struct RunCommandTests {
  private static let shop = [
    "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "key-of-nobody", "EBB_ACCESS_SECRET": "m00nlit-tide-5kz2qx",
  ]

  @Test(arguments: [[], ["--details"], ["--json"]])
  func aSecretThatAScriptKnowsIsNotRepeated(_ options: [String]) throws {
    let secret = try #require(Self.shop["EBB_ACCESS_SECRET"])
    let script = """
      local s = "\(secret)"
      log(s, { s = s }) keep("1", s, s) hand_over(s, "x") report(s, { { s = s } })
      return { s, "kept whole" }
      """
    let result = try Binary.run(["run", "x.lua"] + options, environment: Self.shop, files: ["x.lua": script])
    #expect(result.status == 0)
    #expect(result.output.contains("kept whole"))
    #expect(!(result.output + result.errors).contains(secret))
    if options == ["--json"] { #expect(try result.json["result"]?[1] == "kept whole") }
  }

  @Test func aResultCannotSteerTheTerminal() throws {
    let script = #"return "a\u{9b}31mb\u{202e}c""#
    let result = try Binary.run(["run", "x.lua"], environment: Self.shop, files: ["x.lua": script])
    #expect(result.output.hasPrefix("\"a\u{fffd}31mb\u{fffd}c\""))
  }

  @Test func namesTheFirstOfWhatFailed() throws {
    let script = "each({ 'a', 'b', 'c' }, function(id)\n  if id ~= 'a' then error('no ' .. id) end\nend)"
    let result = try Binary.run(["run", "x.lua"], environment: Self.shop, files: ["x.lua": script])
    #expect(result.status == 1)
    #expect(
      result.errors == "ebb: 2 failed; the first, b: x.lua:2: no b\nhint: --details lists every subject\n")
  }

  @Test func carriesOutWhatIsConfigured() throws {
    let result = try Binary.run(
      ["run", "x.lua"], environment: Self.shop,
      files: [
        "x.lua": "playbook {} return 1",
        "ebb.yaml": "playbooks:\n  x:\n    mode: live\n    guards: { quiet_hours: '23:00-08:00' }\n",
      ])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
  }

  @Test(
    arguments: [
      (
        "params: { limt: 5 }",
        "ebb: ebb.yaml, playbooks: params.limt: \"limt\" is not known\nhint: did you mean limit?\n"
      ),
      ("guards: { stop_after: 0 }", "ebb: ebb.yaml, playbooks: guards.stop_after"),
      ("profiles: [other]", "ebb: ebb.yaml does not let x run for env"),
    ])
  func blamesTheFileThatIsWrong(_ setting: String, _ errors: String) throws {
    let result = try Binary.run(
      ["run", "x.lua"], environment: Self.shop,
      files: [
        "x.lua": "playbook { params = { limit = { type = 'integer', default = 1 } } }",
        "ebb.yaml": "profiles:\n  other:\n    base_url: https://example.com\nplaybooks:\n  x:\n    \(setting)\n",
      ])
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix(errors), "\(result.errors)")
  }

  @Test(arguments: [("playbook {} return 1", "plan"), ("playbook { mode = 'plan-first' } return 1", "live")])
  func plansWhatIsToBePlannedFirst(_ script: String, _ mode: String) throws {
    let result = try Binary.run(
      ["run", "x.lua"], environment: Self.shop,
      files: ["x.lua": script, "ebb.yaml": "playbooks:\n  x:\n    mode: \(mode)\n"])
    #expect(result.status == 0, "nothing to write, so nobody has to apply anything: \(result.errors)")
    #expect(result.output.hasPrefix("The plan has no effects: nothing would be written."))
  }

  @Test(
    arguments: [
      (["run", "/dev/null"], "ebb: /dev/null cannot be read\nhint: it must be a plain file that you may read\n"),
      (["run", "x.lua", "--param", "=1"], "ebb: --param =1 has no name\nhint: write it as --param name=value\n"),
      (
        ["simulate", "--port", "0", "--faults", "delay@taobao.refunds.cancl:2"],
        "ebb: fault 'delay=250ms@taobao.refunds.cancl:2': there is no operation taobao.refunds.cancl\n"
          + "hint: did you mean \"taobao.refunds.cancel\"?\n"
      ),
    ])
  func saysWhatIsWrong(_ arguments: [String], _ errors: String) throws {
    let result = try Binary.run(arguments, environment: Self.shop)
    #expect(result.status == 2)
    #expect(result.errors == errors)
  }
}
