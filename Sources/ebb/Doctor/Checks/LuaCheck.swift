import Lua

/// Which Lua runs the playbooks.
struct LuaCheck: DoctorCheck {
  let name = "lua"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    let release = LuaRelease.text
    guard release.hasPrefix("Lua 5.4.") else {
      return [.error("\(release): playbooks are written for Lua 5.4", hint: "build Ebb with Debian's liblua5.4-dev")]
    }
    return [.ok("\(release), linked into ebb")]
  }
}
