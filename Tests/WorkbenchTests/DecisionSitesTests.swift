import Testing

@testable import Workbench

/// Which decisions a source has, without running it.
@Suite struct DecisionSitesTests {
  @Test(arguments: [
    (#"keep(refund, "too young")"#, ["too young"]),
    (#"act(r, 'open for too long', op, { id = r.id })"#, ["open for too long"]),
    (#"if a then return hand_over(r, [[by hand]], why) end"#, ["by hand"]),
    ("keep({ id = f(1, 2), b = { 1 } }, \"second\")", ["second"]),
    // Where a reason comes from a function, the sentences that are returned first.
    ("local function why(r) return \"not ours yet\", r.state end\nkeep(r, why(r))", ["not ours yet"]),
    ("local function why() return \"1688\" end keep(r, why())", []),
    ("local function why() return \"not ours yet\" end keep(r, \"fixed\")", ["fixed"]),
    ("local why = \"x y\" keep(r, why)", []), ("local function f() return \"so \" .. x end keep(r, f())", []),
    (#"keep(r, "put " .. together)"#, []),
    // What only looks like one.
    (#"-- keep(refund, "a comment")"#, []), ("--[==[\nkeep(refund, \"a long comment\")\n]==]", []),
    (#"shop.keep(refund, "somebody's field")"#, []), (#"local function keep(subject, reason) end"#, []),
    (#"print("keep(refund, 'in a text')")"#, []), ("keep(refund)", []), ("keep", []), ("local s = \"open", []),
    ("keep(r, \"twice\") keep(q, \"twice\")", ["twice"]), (#"keep(r, "an \"inner\" quote")"#, [#"an "inner" quote"#]),
  ])
  func aSourceHasTheseReasons(_ source: String, _ reasons: [String]) {
    #expect(DecisionSites(of: Array(source.utf8)).sites.map(\.reason) == reasons)
  }

  @Test func linesAreThoseOfTheReasons() {
    let source = "-- one\nlocal t = [[\ntwo\n]]\nkeep(t,\n  \"here\")\n\nhand_over(t, \"there\")"
    let sites = DecisionSites(of: Array(source.utf8)).sites
    #expect(sites.map(\.line) == [6, 8] && sites.map(\.reason) == ["here", "there"])
  }
}
